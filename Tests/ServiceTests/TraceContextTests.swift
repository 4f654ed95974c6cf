import Service
import TestSupport
import Testing

@Suite("Trace context")
struct TraceContextTests {
  private let valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  @Test("a valid traceparent is read and written again")
  func roundTrip() throws {
    let context = try #require(TraceContext(valid))
    #expect(context.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
    #expect(context.spanID == "00f067aa0ba902b7")
    #expect(context.isSampled)
    #expect(context.traceparent == valid)
    #expect(try #require(TraceContext(String(valid.dropLast(2)) + "00")).isSampled == false)
  }

  @Test("unknown flags are dropped, the sampled one is kept")
  func flags() {
    #expect(TraceContext(String(valid.dropLast(2)) + "ff")?.traceparent.hasSuffix("-01") == true)
    #expect(TraceContext(String(valid.dropLast(2)) + "fe")?.traceparent.hasSuffix("-00") == true)
  }

  @Test("a later version is read as far as it is known, and written as 00")
  func laterVersions() {
    let later = "cc" + valid.dropFirst(2)
    #expect(TraceContext(later)?.traceparent == valid)
    #expect(TraceContext(later + "-what-the-future-brings")?.traceparent == valid)
    #expect(TraceContext(later + ".what") == nil)
    #expect(TraceContext(later + "0") == nil)
  }

  @Test("what the specification forbids is refused")
  func refused() {
    let wrong = [
      "", "00", "ff" + valid.dropFirst(2), valid + "-00", valid + " ", " " + valid, String(valid.dropLast()),
      valid.uppercased(), valid.replacing("-", with: "_"), "0g" + valid.dropFirst(2),
      "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
      "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01x", valid.replacing("4bf", with: "４bf"),
      String(repeating: "0", count: 100_000),
    ]
    for text in wrong { #expect(TraceContext(text) == nil, "\(text.prefix(80))") }
  }

  @Test("a child has the trace and the flag of its parent and a span of its own")
  func child() throws {
    let parent = try #require(TraceContext(valid))
    let child = parent.child(random: [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(child.traceID == parent.traceID && child.isSampled)
    #expect(child.spanID == "0102030405060708")
    #expect(child != parent)
    #expect(parent.child(random: [0, 0, 0, 0, 0, 0, 0, 0]) == parent)
    #expect(parent.child(random: [1]) == parent)
  }

  @Test("a new trace comes from 24 random bytes")
  func fresh() {
    let context = TraceContext(random: Array(1...24))
    #expect(context?.traceparent == "00-0102030405060708090a0b0c0d0e0f10-1112131415161718-00")
    #expect(TraceContext(random: Array(1...23)) == nil)
    #expect(TraceContext(random: [UInt8](repeating: 0, count: 24)) == nil)
    #expect(Set([context, context]).count == 1)
  }

  @Test("a context of known ids has them; ids of zeros stand for none and make none")
  func known() throws {
    let context = try #require(TraceContext(trace: (1, 2), span: 3, isSampled: true))
    #expect(context.traceparent == "00-00000000000000010000000000000002-0000000000000003-01")
    #expect(context.sampled(false).traceparent.hasSuffix("-0000000000000003-00"))
    #expect(TraceContext(trace: (0, 2), span: 3) != nil && TraceContext(trace: (1, 0), span: 3) != nil)
    #expect(TraceContext(trace: (0, 0), span: 3) == nil && TraceContext(trace: (1, 2), span: 0) == nil)
  }

  @Test("a descendant is the same for whoever knows span and number, and another one for each number")
  func descendants() throws {
    let parent = try #require(TraceContext(valid))
    let many = (0..<10_000).map { parent.descendant($0) }
    #expect(many == (0..<10_000).map { parent.descendant($0) })
    #expect(Set(many.map(\.span)).count == many.count)
    #expect(many.allSatisfy { $0.traceID == parent.traceID && $0.isSampled && $0.span != 0 })
    // SplitMix64 of seed 0 begins with this number, in every published implementation.
    let zero = try #require(TraceContext(trace: (1, 1), span: 0x9E37_79B9_7F4A_7C15))
    #expect(zero.descendant(0).span == 0xE220_A839_7B1D_CDAF)
    // The finalizer of 0 is 0, which is no span.
    let back = try #require(TraceContext(trace: (1, 1), span: 0 &- 0x9E37_79B9_7F4A_7C15))
    #expect(back.descendant(1).span == 1)
  }

  @Test("100000 mutated headers are read or refused, and what is read writes itself again")
  func mutations() {
    var generator = SeededGenerator()
    for _ in 0..<100_000 {
      let bytes = generator.mutate(Array(valid.utf8), changes: 2)
      guard let context = TraceContext(traceparent: bytes) else { continue }
      #expect(TraceContext(context.traceparent) == context, "\(generator)")
    }
  }
}
