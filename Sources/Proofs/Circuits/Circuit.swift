/// A statement of one circuit together with the witness that makes it true.
public protocol Circuit: Sendable {
  /// The circuit's name, by which keys are found.
  static var name: String { get }
  /// What the public signals mean, in their order, outputs first.
  static var publicSignalNames: [String] { get }
  /// Any statement, for the constraints, which are the same for all.
  static var example: Self { get }
  /// Writes the statement down.
  func synthesize(_ builder: inout ConstraintBuilder)
}

extension Circuit {
  /// The circuit's constraints.
  ///
  /// - Complexity: some 60 entries a constraint; made anew at each call, as they are needed once a key.
  public static var system: ConstraintSystem {
    var builder = ConstraintBuilder(.system)
    example.synthesize(&builder)
    return builder.system()
  }

  /// The value of every wire; the public signals stand from 1 on.
  ///
  /// - Throws: `unsatisfied` when the statement is false.
  public func witness() throws(ProofsError) -> Witness {
    var builder = ConstraintBuilder(.witness)
    synthesize(&builder)
    if let violation = builder.firstViolation { throw .unsatisfied(constraint: violation) }
    return Witness(wires: builder.wires, publicCount: Self.publicSignalNames.count)
  }
}

/// The values of all wires for one statement: private but for the public signals.
public struct Witness: Sendable {
  /// All wires; the first is 1.
  public let wires: [Fr]
  /// The public signals.
  public let publicSignals: [Fr]

  init(wires: [Fr], publicCount: Int) {
    self.wires = wires
    publicSignals = Array(wires.dropFirst().prefix(publicCount))
  }
}

/// A circuit of this module by its name, without a statement.
public struct CircuitDescription: Sendable {
  /// The name.
  public let name: String
  /// What the public signals mean, in their order.
  public let publicSignalNames: [String]
  private let makeSystem: @Sendable () -> ConstraintSystem

  init<C: Circuit>(_ circuit: C.Type) {
    name = C.name
    publicSignalNames = C.publicSignalNames
    makeSystem = { C.system }
  }

  /// The constraints, made anew at each call.
  public func system() -> ConstraintSystem { makeSystem() }
}

/// The circuits of this module.
public enum CircuitLibrary {
  /// All of them, in the order of the documentation.
  public static let all: [CircuitDescription] = [
    CircuitDescription(MemoryPattern.self), CircuitDescription(MemoryPolicy.self), CircuitDescription(Membership.self),
    CircuitDescription(Deletion.self), CircuitDescription(AccessHistory.self), CircuitDescription(Compliance.self),
  ]

  /// The circuit of a name; nil when there is none.
  public static func named(_ name: String) -> CircuitDescription? { all.first { $0.name == name } }
}
