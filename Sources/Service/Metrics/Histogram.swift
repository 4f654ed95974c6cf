private import Synchronization

/// Counts observations in buckets; from any thread.
///
/// An observation increments one bucket and adds to the sum; buckets are cumulated when they are read.
public final class Histogram: Sendable {
  /// An integer that threads share, so that an array can hold it.
  private final class Cell: Sendable {
    let count = Atomic<UInt64>(0)
  }

  /// The upper bounds of the buckets, ascending; a bucket includes its bound. One more bucket takes what is greater.
  public let bounds: [Double]

  private let cells: [Cell]
  private let sum = Atomic<UInt64>(0)

  /// Creates a histogram of its own, outside any registry.
  public init(bounds: [Double]) {
    precondition(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "the bounds of a histogram ascend: \(bounds)")
    self.bounds = bounds
    cells = (0...bounds.count).map { _ in Cell() }
  }

  /// Counts `value`; NaN is passed over.
  public func observe(_ value: Double) {
    guard !value.isNaN else { return }
    var index = 0
    while index < bounds.count, value > bounds[index] { index += 1 }
    cells[index].count.wrappingAdd(1, ordering: .relaxed)
    sum.add(value)
  }

  /// Counts a duration, in seconds.
  public func observe(_ duration: Duration) { observe(duration.seconds) }

  /// The counts at this moment.
  public var snapshot: HistogramSnapshot {
    HistogramSnapshot(
      bounds: bounds, counts: cells.map { $0.count.load(ordering: .relaxed) },
      sum: Double(bitPattern: sum.load(ordering: .relaxed)))
  }
}

/// What a histogram, or several of the same bounds, had counted at one moment.
public struct HistogramSnapshot: Sendable, Hashable {
  /// The upper bounds of the buckets.
  public let bounds: [Double]
  /// Observations in each bucket, the one above all bounds last; not cumulated.
  public private(set) var counts: [UInt64]
  /// The sum of all observed values.
  public private(set) var sum: Double

  /// Creates a snapshot; `counts` has one element more than `bounds`.
  public init(bounds: [Double], counts: [UInt64], sum: Double) {
    precondition(counts.count == bounds.count + 1, "a histogram has one bucket more than bounds")
    self.bounds = bounds
    self.counts = counts
    self.sum = sum
  }

  /// The number of observations.
  public var count: UInt64 { counts.reduce(0, &+) }

  /// Adds the counts of another snapshot of the same bounds; one of other bounds is passed over.
  public mutating func add(_ other: HistogramSnapshot) {
    guard other.bounds == bounds else { return }
    for index in counts.indices { counts[index] &+= other.counts[index] }
    sum += other.sum
  }

  /// The value below which a share `q` (0 to 1) of the observations lies, taking them as evenly spread in each bucket.
  ///
  /// As Prometheus' `histogram_quantile`: the lowest bucket starts at 0 when its bound is positive, and what lies above all
  /// bounds counts as the highest bound. Nil when nothing was observed.
  public func quantile(_ q: Double) -> Double? {
    let total = count
    guard total > 0, let highest = bounds.last else { return nil }
    let rank = min(max(q, 0), 1) * Double(total)
    var below: UInt64 = 0
    for (index, bound) in bounds.enumerated() where counts[index] > 0 {
      let upTo = below &+ counts[index]
      guard Double(upTo) < rank else {
        let start = index > 0 ? bounds[index - 1] : min(0, bound)
        return start + (bound - start) * (rank - Double(below)) / Double(counts[index])
      }
      below = upTo
    }
    return highest
  }
}

/// Bucket bounds for what is measured here, in seconds.
public enum HistogramBounds {
  /// From 100 µs to 1 s: one Redis operation.
  public static let operation: [Double] = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
  ]
  /// From 5 ms to 10 s: an HTTP request.
  public static let request: [Double] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
  /// From 5 ms to 5 min: one run of a job.
  public static let run: [Double] = request + [30, 60, 300]
  /// From 5 ms to 30 min: a wait in a queue, a life of a job.
  public static let wait: [Double] = run + [1800]
  /// From 1 ms to 30 s: a proof.
  public static let proof: [Double] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30]
}
