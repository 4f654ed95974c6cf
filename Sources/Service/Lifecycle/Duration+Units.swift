extension Duration {
  /// The duration in milliseconds, to the microsecond.
  public var milliseconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) * 1000 + Double(attoseconds / 1_000_000_000_000) / 1000
  }

  /// The whole milliseconds of the duration, at most the largest number.
  public var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    let (sum, over) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
    return overflow || over ? (seconds < 0 ? .min : .max) : sum
  }

  /// The duration in seconds.
  public var seconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
