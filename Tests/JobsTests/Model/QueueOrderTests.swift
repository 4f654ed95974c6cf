import Jobs
import TestSupport
import Testing

@Suite("Order of queues")
struct QueueOrderTests {
  @Test(
    "names, weights and a strict order are read",
    arguments: [
      ("proof", ["proof:1"], false), ("proof,memory", ["proof:1", "memory:1"], false),
      ("proof:6,memory:3", ["proof:6", "memory:3"], false), ("strict:a,b", ["a:1", "b:1"], true),
      ("a:1000", ["a:1000"], false), ("strict:a", ["a:1"], true),
    ])
  func reads(text: String, entries: [String], isStrict: Bool) throws {
    let order = try QueueOrder(parsing: text)
    #expect(order.entries.map { "\($0.queue):\($0.weight)" } == entries)
    #expect(order.isStrict == isStrict)
  }

  @Test(
    "what is no order is refused with its reason",
    arguments: [
      ("", "is no queue name"), ("a,,b", "is no queue name"), ("A", "is no queue name"), ("a:0", "no weight"),
      ("a:1001", "no weight"), ("a:-1", "no weight"), ("a:x", "no weight"), ("a:1:2", "no weight"),
      ("strict:a:2", "no weights"), ("a,b,a", "named twice"), ("strict:", "is no queue name"),
      ("a, b", "is no queue name"),
    ])
  func refuses(text: String, reason: String) {
    #expect {
      try QueueOrder(parsing: text)
    } throws: { "\($0)".contains(reason) }
  }

  @Test("a strict order is always the same")
  func strictDraw() throws {
    var random = SeededGenerator()
    let order = try QueueOrder(parsing: "strict:a,b,c")
    for _ in 0..<50 { #expect(order.draw(using: &random) == [0, 1, 2]) }
  }

  @Test("every draw holds every queue once, and weights show in who goes first")
  func weightedDraw() throws {
    var random = SeededGenerator()
    let order = try QueueOrder(parsing: "a:8,b:1,c:1")
    var first = [0, 0, 0]
    for _ in 0..<5000 {
      let drawn = order.draw(using: &random)
      #expect(drawn.sorted() == [0, 1, 2], "\(random)")
      first[drawn[0]] += 1
    }
    // 4000, 500 and 500 are expected; the bounds are beyond ten standard deviations.
    #expect((3600...4400).contains(first[0]), "\(first) \(random)")
    #expect((250...800).contains(first[1]) && (250...800).contains(first[2]), "\(first) \(random)")
  }
}
