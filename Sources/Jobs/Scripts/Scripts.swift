public import RedisWire
internal import Sealing

/// The scripts by name.
public enum ScriptName: String, Sendable, Hashable, CaseIterable {
  /// Puts jobs in.
  case enqueue
  /// Takes ready jobs and leases them.
  case claim
  /// Ends deliveries.
  case settle
  /// Both in one round trip.
  case settleAndClaim = "settle_and_claim"
  /// Finds jobs again whose claim's reply was lost.
  case reclaim
  /// Renews leases.
  case extend
  /// Writes progress.
  case progress
  /// Recovers expired leases, promotes due jobs, trims.
  case reap
  /// Cancels.
  case cancel
  /// Puts jobs back by hand.
  case requeue
  /// Deletes ended jobs.
  case purge
  /// Stops and resumes a queue.
  case pause
  /// Counts a queue.
  case stats
  /// Reads jobs.
  case read
  /// Looks for what does not hold.
  case examine
  /// Puts it right.
  case mend
  /// Makes tokens old after a restore.
  case reissue
}

/// The scripts of this program, ready to be called.
public struct Scripts: Sendable {
  private let scripts: [ScriptName: RedisScript]

  /// The scripts as they are embedded.
  public static let embedded = Scripts { _, source in source }

  /// The scripts with their sources changed by `change`; tests replace the clock this way.
  init(_ change: (ScriptName, [UInt8]) -> [UInt8]) {
    scripts = Dictionary(
      uniqueKeysWithValues: ScriptName.allCases.map { name in
        let source = change(name, ScriptSource.bytes(name.rawValue))
        return (name, RedisScript(name: name.rawValue, source: source, sha1: Self.sha1(source)))
      })
  }

  /// A script.
  public subscript(_ name: ScriptName) -> RedisScript {
    scripts[name] ?? RedisScript(name: name.rawValue, source: ScriptSource.bytes(name.rawValue))
  }

  /// Nil when the library fails; the client then learns the digest from SCRIPT LOAD.
  private static func sha1(_ source: [UInt8]) -> String? {
    do throws(SealingError) {
      return Hex.string(try Digest.sha1.hash(source))
    } catch {
      return nil
    }
  }
}
