/// The right to run a job until a deadline: the job and the token of the delivery.
public struct Lease: Sendable, Hashable {
  /// The job.
  public var id: JobID
  /// The number of the delivery.
  public var token: Int64

  /// Creates a lease.
  public init(id: JobID, token: Int64) {
    self.id = id
    self.token = token
  }
}

extension ClaimedJob {
  /// The lease under which it runs.
  public var lease: Lease { Lease(id: id, token: token) }
}
