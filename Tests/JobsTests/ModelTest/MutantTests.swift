import TestSupport
import Testing

@testable import Jobs

/// Each of these changes breaks a promise; the model test must notice, else it proves nothing.
@Suite("Mutants of the scripts")
struct MutantTests {
  struct Mutant: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var code: String
    var instead: String

    init(_ description: String, _ code: String, _ instead: String) {
      (testDescription, self.code, self.instead) = (description, code, instead)
    }
  }

  static let mutants: [Mutant] = [
    Mutant("settle without a token", "h[2] ~= token or h[3] ~= worker", "h[3] ~= worker"),
    Mutant("settle without a worker", "h[2] ~= token or h[3] ~= worker", "h[2] ~= token"),
    Mutant("extend without a token", "h[2] == ARGV[i + 1] and h[3] == ARGV[1]", "h[3] == ARGV[1]"),
    Mutant("requeue without PERSIST", "call('PERSIST', k)", "--"),
    Mutant("requeue that forgets the deliveries", "'lives', lives + 1,", "'lives', lives + 1, 'deliveries', 0,"),
    Mutant("reap that keeps the worker", "'losses', losses, 'worker', '', 'ready_ms'", "'losses', losses, 'ready_ms'"),
    Mutant("reap that counts no loss", "counter(h[2]) + 1, 'ready'", "counter(h[2]), 'ready'"),
    Mutant("the order of a batch at the head", "rev[i] = ids[n + 1 - i]", "rev[i] = ids[i]"),
    Mutant("claim that takes what is not ready", "if state == 'ready' then", "if state then"),
    Mutant("claim without its byte budget", "if bytes >= max_bytes then", "if false then"),
    Mutant("a sealed payload that stays", "call('HDEL', k, 'payload', 'raw')", "call('HDEL', k, 'x')"),
    Mutant("a time to live that is not set", "call('PEXPIRE', k, ms)", "call('PERSIST', k)"),
    Mutant("trim that leaves the hashes", "call('UNLINK', unpack(keys))", "--"),
    Mutant("cancel that forgets its tombstone", "try('SADD', p .. 'tombs', id)", "--"),
    Mutant("an idempotency key that is not read", "local held = try('GET', idem)", "local held = nil"),
    Mutant("a unique key that is never released", "if try('GET', k) == id then call('DEL', k) end", ""),
    Mutant("rings without a bound", "if n > room then n = room end", ""),
    Mutant(
      "an adopted element that is cut", "'raw', e, 'created_ms', NOW,",
      "'raw', string.sub(e, 1, 60), 'created_ms', NOW,"),
    Mutant("a lost delivery that is forgotten", "remember(k, 'lost')", "--"),
    Mutant(
      "a failed delivery told as another's", "'history', 'deliveries', 'started_ms'",
      "'history', 'attempts', 'started_ms'"),
    Mutant("promotion of what has no hash", "if h[1] == 'scheduled' or h[1] == 'retrying' then", "if true then"),
  ]

  @Test("is noticed within some thousand operations", arguments: mutants)
  func isNoticed(_ mutant: Mutant) throws {
    var changes = 0
    let scripts = VirtualClock.scripts { source in
      let mutated = source.replacing(mutant.code, with: mutant.instead)
      if mutated != source { changes += 1 }
      return mutated
    }
    try #require(changes > 0, "the code to be changed is not there any more")
    let run = try ModelRun(RedisServer(), seed: 4711, scripts: scripts)
    #expect(throws: (any Error).self) { try run.go(8000) }
  }
}
