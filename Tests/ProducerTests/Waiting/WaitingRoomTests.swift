import Jobs
import Testing

@testable import Producer

@Suite("Who waits for what")
struct WaitingRoomTests {
  private static let one = JobID("test.01K9ZV3T7Q8M4N5P6R7S8T9V0W")
  private static let two = JobID("test.01K9ZV3T7Q8M4N5P6R7S8T9V0X")
  private static let other = JobID("other.01K9ZV3T7Q8M4N5P6R7S8T9V0W")

  private static func message(_ lines: String...) -> [UInt8] { Array(lines.joined(separator: "\n").utf8) }

  @Test("the first of a queue is told so, and so is the last")
  func firstAndLast() throws {
    let (one, two, other) = (try #require(Self.one), try #require(Self.two), try #require(Self.other))
    var room = WaitingRoom()
    let a = room.enter(one, .end)
    let b = room.enter(two, .end)
    let c = room.enter(other, .end)
    #expect([a.isFirst, b.isFirst, c.isFirst] == [true, false, true])
    #expect(room.count == 3)
    let left = [room.leave(a.ticket), room.leave(b.ticket), room.leave(b.ticket), room.leave(c.ticket)]
    #expect(left == [false, true, false, true])
    #expect(room.count == 0)
    #expect(room.tickets.isEmpty)
  }

  @Test("a message wakes those whose job it names, by what they want to hear")
  func concerned() throws {
    let (one, two) = (try #require(Self.one), try #require(Self.two))
    var room = WaitingRoom()
    let end = room.enter(one, .end).ticket
    let change = room.enter(one, .change).ticket
    let elsewhere = room.enter(two, .change).ticket
    #expect(Set(room.concerned(by: Self.message("\(one) running"))) == [change])
    #expect(Set(room.concerned(by: Self.message("\(one) succeeded"))) == [end, change])
    #expect(Set(room.concerned(by: Self.message("\(one) dead", "\(two) ready"))) == [end, change, elsewhere])
    #expect(Set(room.concerned(by: Self.message("\(one) a_state_of_the_future"))) == [end, change])
    for text in ["", "\n\n", "\(one)", " ", "x y", "\(one)succeeded", " \(one)"] {
      #expect(room.concerned(by: Self.message(text)).isEmpty, "\(text)")
    }
  }

  @Test("several may wait for one job, and each leaves alone")
  func several() throws {
    let one = try #require(Self.one)
    var room = WaitingRoom()
    let tickets = (0..<100).map { _ in room.enter(one, .end).ticket }
    #expect(Set(room.concerned(by: Self.message("\(one) succeeded"))) == Set(tickets))
    for ticket in tickets.dropLast() {
      let wasLast = room.leave(ticket)
      #expect(!wasLast)
    }
    #expect(room.concerned(by: Self.message("\(one) succeeded")) == [tickets[99]])
    let wasLast = room.leave(tickets[99])
    #expect(wasLast)
  }
}
