/// Holds a backfill back while its queues have enough waiting jobs. Pure.
///
/// After a look at a queue it counts what is sent there, as if nothing was claimed meanwhile, so that the limit holds between
/// two looks too. What is under way during a look may be counted by it or not, and so is counted here.
struct BacklogGate {
  /// What to do with a batch.
  enum Verdict: Equatable {
    /// Send it; it has been counted.
    case send
    /// Ask how many jobs are ready in this queue, and then again whether to send.
    case look(queue: String)
    /// Wait for the workers, then forget this queue's count and ask again.
    case wait(queue: String)
  }

  let limit: Int
  private var ready: [String: Int] = [:]
  /// What was sent since the look, or was under way when it began.
  private var sent: [String: Int] = [:]
  /// What has no answer yet.
  private var underWay: [String: Int] = [:]
  private var underWayAtLook: [String: Int] = [:]

  init(limit: Int) { self.limit = limit }

  /// Notes how many jobs are ready in a queue.
  mutating func saw(_ count: Int, in queue: String) {
    ready[queue] = count
    sent[queue] = underWayAtLook[queue, default: 0]
  }

  /// A batch that was sent has its answers, or is given up.
  mutating func ended(_ batch: [String: Int]) {
    for (queue, count) in batch { underWay[queue, default: 0] -= count }
  }

  /// Whether a batch with so many jobs for each queue may be sent.
  ///
  /// - Parameter isFresh: whether the numbers were looked up for this very batch; then there is no use in another look.
  mutating func mayStart(_ batch: [String: Int], isFresh: Bool) -> Verdict {
    for (queue, count) in batch.sorted(by: { $0.key < $1.key }) {
      let waiting = ready[queue].map { $0 + sent[queue, default: 0] }
      // A batch that is larger than the limit goes out alone, or it never would.
      if let waiting, waiting == 0 || waiting + count <= limit { continue }
      if waiting != nil, isFresh { return .wait(queue: queue) }
      underWayAtLook[queue] = underWay[queue, default: 0]
      return .look(queue: queue)
    }
    for (queue, count) in batch {
      sent[queue, default: 0] += count
      underWay[queue, default: 0] += count
    }
    return .send
  }
}
