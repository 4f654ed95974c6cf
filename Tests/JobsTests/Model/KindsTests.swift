import Testing

@testable import Jobs

@Suite("Kinds and words")
struct KindsTests {
  @Test("names of kinds are words joined by dots", arguments: ["a.b", "proof.access_history", "a.b.c", "9.9"])
  func accepts(_ text: String) { #expect(KindName(text)?.text == text) }

  @Test(
    "nothing else is a name of a kind",
    arguments: [
      "", ".", "a", "a.", ".a", "a..b", "A.b", "a.b ", "a-b.c", "é.b", "a.b\n",
      String(repeating: "a.", count: 33) + "a",
    ])
  func refuses(_ text: String) { #expect(KindName(text) == nil) }

  @Test("the names in the sources are names")
  func known() {
    for kind in Kinds(testKinds: true).all {
      #expect(KindName(kind.name.text) == kind.name && kind.name.defaultQueue != nil)
    }
  }

  @Test("all memories are sealed, and each proof whose payload holds a witness, salt or path")
  func sealed() {
    let open = Kinds(testKinds: true).all.filter { !$0.isSealed }.map(\.name.text)
    #expect(
      open == [
        "proof.inclusion", "proof.verify", "proof.anchor", "test.noop", "test.sleep", "test.spin", "test.fail",
        "test.crash",
      ])
    #expect(Kinds().all.filter(\.isSealed).count == 14)
  }

  @Test("test kinds exist only when asked for")
  func testKinds() {
    #expect(Kinds()[.noop] == nil && Kinds(testKinds: true)[.noop] != nil)
    #expect(Kinds()[.store]?.isSealed == true && Kinds()[KindName("proof.none")!] == nil)
  }

  @Test("the default queue is the first word")
  func queues() {
    #expect(KindName.store.defaultQueue == .memory && KindName.policy.defaultQueue == .proof)
  }

  @Test("a sealed kind's name is found anywhere in bytes")
  func mentions() {
    #expect(Kinds.mentionsSealedKind(Array(#"{"kind":"memory.store","#.utf8)))
    #expect(
      Kinds.mentionsSealedKind(Array("proof.policy".utf8)) && Kinds.mentionsSealedKind(Array("xmemory.store".utf8)))
    #expect(Kinds.mentionsSealedKind(Array(#"{"kind":"memory\u002estore","#.utf8)))
    #expect(!Kinds.mentionsSealedKind(Array(#"{"kind":"test.noop","payload":"#.utf8)))
    #expect(!Kinds.mentionsSealedKind([]) && !Kinds.mentionsSealedKind(Array("memory.stor".utf8)))
  }

  @Test("names of queues", arguments: ["", "Q", "a b", "a.b", "{a}", "a\n", "ä", String(repeating: "a", count: 65)])
  func queueNames(_ text: String) { #expect(QueueName(text) == nil) }

  @Test("the words of the closed lists are the contract with dashboards and alerts")
  func words() {
    #expect(
      JobState.allCases.map(\.rawValue) == [
        "scheduled", "ready", "running", "retrying", "succeeded", "dead", "cancelled",
      ])
    #expect(
      Outcome.allCases.map(\.rawValue) == ["succeeded", "failed", "dead", "cancelled", "lost", "released"])
    #expect(
      DeathReason.allCases.map(\.rawValue) == [
        "exhausted", "permanent", "timeout", "poison", "undecodable", "unknown_kind", "plaintext_refused",
      ])
    #expect(Priority.allCases.map(\.rawValue) == ["normal", "high"])
    #expect(JobState.allCases.filter(\.isTerminal) == [.succeeded, .dead, .cancelled])
    #expect(JobState(bytes: Array("dead".utf8)) == .dead && JobState(bytes: [0xFF]) == nil)
  }
}
