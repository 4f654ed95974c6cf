public import RedisWire

/// `settle_and_claim.lua`: the steady state in one round trip. Reply lost: settle again by `SettleScript`, and ask
/// `ReclaimScript` for the jobs; never send this again.
public enum SettleAndClaimScript: JobScript {
  /// One call; at most `JobLimits.fusedJobs` of each half, of one worker.
  public struct Request: Sendable {
    /// What is settled first.
    public var settle: SettleScript.Request
    /// What is claimed then; its worker and retention are those of `settle`.
    public var claim: ClaimScript.Request

    /// Creates a request.
    public init(settle: SettleScript.Request, claim: ClaimScript.Request) {
      self.settle = settle
      self.claim = claim
    }
  }

  /// Both answers.
  public struct Reply: Sendable, Equatable {
    /// One code a settlement.
    public var codes: [Settlement.Code]
    /// What was claimed.
    public var claim: ClaimScript.Reply
  }

  /// See `JobScript`.
  public static var name: ScriptName { .settleAndClaim }

  /// See `JobScript`.
  public static func append(_ request: Request, to command: inout RedisCommand) {
    request.settle.appendHead(to: &command)
    command.append(min(max(0, request.claim.limit), JobLimits.batchJobs))
    command.append(request.claim.leaseMs)
    command.append(request.claim.byteBudget)
    command.append(request.claim.nonce)
    request.settle.appendJobs(to: &command)
  }

  /// See `JobScript`.
  public static func decode(_ reply: RESPValue, of request: Request) throws(JobError) -> Reply {
    let halves = try elements(reply, count: 2)
    return Reply(
      codes: try SettleScript.decode(halves[0], of: request.settle),
      claim: try ClaimScript.decode(halves[1], of: request.claim))
  }
}
