public import Service

/// What kind of place a program runs in; production refuses what is only good for trying things out.
public enum Deployment: String, Sendable, Hashable, CaseIterable {
  /// For real: keys must be given, test kinds and development keys are refused.
  case production
  /// As production, for rehearsals.
  case staging
  /// On a developer's machine.
  case development
  /// In tests.
  case test

  /// Reads APP_ENV (NODE_ENV).
  public init(_ reader: inout ConfigurationReader) {
    self = reader.oneOf(
      "APP_ENV", "production refuses what is only for trying out", default: .production, alias: "NODE_ENV")
  }

  /// Whether the rules of production hold.
  public var isStrict: Bool { self == .production || self == .staging }
}
