/// Writes metrics in Prometheus' text format 0.0.4, all into one buffer.
///
/// See https://prometheus.io/docs/instrumenting/exposition_formats/.
struct MetricsWriter {
  private(set) var bytes: [UInt8] = []

  init(capacity: Int = 16 << 10) { bytes.reserveCapacity(capacity) }

  mutating func head(_ name: String, _ kind: MetricKind, help: String) {
    put("# HELP ")
    put(name)
    put(" ")
    for byte in help.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): put("\\\\")
      case UInt8(ascii: "\n"): put("\\n")
      default: bytes.append(byte)
      }
    }
    put("\n# TYPE ")
    put(name)
    put(" ")
    put(kind.rawValue)
    put("\n")
  }

  /// Writes one sample; `extra` is a label after the others (`le`, `quantile`).
  mutating func sample(
    _ name: String, suffix: String = "", labels names: [String], _ values: [String],
    extra: (name: String, value: String)? = nil, _ value: Double
  ) {
    put(name)
    put(suffix)
    var isFirst = true
    for (label, text) in zip(names, values) { self.label(label, text, &isFirst) }
    if let extra { label(extra.name, extra.value, &isFirst) }
    if !isFirst { put("}") }
    put(" ")
    put(MetricsWriter.number(value))
    put("\n")
  }

  mutating func histogram(_ name: String, labels names: [String], _ values: [String], _ snapshot: HistogramSnapshot) {
    var cumulated: UInt64 = 0
    for (index, count) in snapshot.counts.enumerated() {
      cumulated &+= count
      let bound = index < snapshot.bounds.count ? MetricsWriter.number(snapshot.bounds[index]) : "+Inf"
      sample(name, suffix: "_bucket", labels: names, values, extra: ("le", bound), Double(cumulated))
    }
    sample(name, suffix: "_sum", labels: names, values, snapshot.sum)
    sample(name, suffix: "_count", labels: names, values, Double(cumulated))
  }

  private mutating func label(_ name: String, _ value: String, _ isFirst: inout Bool) {
    put(isFirst ? "{" : ",")
    isFirst = false
    put(name)
    put("=\"")
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): put("\\\\")
      case UInt8(ascii: "\""): put("\\\"")
      case UInt8(ascii: "\n"): put("\\n")
      default: bytes.append(byte)
      }
    }
    put("\"")
  }

  private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// A number as Go's ParseFloat reads it; whole numbers without a point.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if value.rounded() == value, value.magnitude < 9_007_199_254_740_992 { return String(Int64(value)) }
    return value.description
  }
}
