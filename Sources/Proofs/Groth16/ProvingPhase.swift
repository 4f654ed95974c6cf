/// What a proof's making consists of, in order.
public enum ProvingPhase: String, Sendable, Hashable, CaseIterable {
  /// The values of the wires are computed and held against the constraints.
  case witness
  /// The point A.
  case a
  /// The point B, in both groups.
  case b
  /// The private wires' part of C.
  case c
  /// The quotient's part of C.
  case h
  /// The proof is checked as a verifier will check it.
  case verify
}
