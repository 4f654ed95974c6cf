/// The types of metrics that the text format names.
public enum MetricKind: String, Sendable, Hashable {
  /// Goes up only.
  case counter
  /// Goes up and down.
  case gauge
  /// Counts observations in buckets.
  case histogram
  /// Quantiles of observations.
  case summary
  /// Unknown; for names that break the rules of the types above.
  case untyped
}

/// A label that a family of metrics has, and which values it may take.
public struct MetricLabel: Sendable, Hashable {
  /// The label's name.
  public let name: String
  /// The closed list of its values; nil when any value may come.
  public let values: [String]?

  /// A label with a closed list of values; another value is counted as `other`.
  ///
  /// When all labels of a family are closed, all combinations exist as 0 from the start.
  public static func closed(_ name: String, _ values: [String]) -> MetricLabel {
    MetricLabel(name: name, values: values)
  }

  /// A label that takes any value, up to 100 combinations of open labels in a family; then all further ones are `other`.
  public static func open(_ name: String) -> MetricLabel { MetricLabel(name: name, values: nil) }
}

/// One value of a metric that is read when it is asked for.
public struct MetricSample: Sendable, Hashable {
  /// The values of the labels, in the order of their declaration.
  public let labels: [String]
  /// The value.
  public let value: Double

  /// Creates a sample.
  public init(_ labels: [String] = [], _ value: Double) {
    self.labels = labels
    self.value = value
  }
}
