import Synchronization
import Testing

@testable import Transport

@Suite("Event loop")
struct EventLoopTests {
  @Test("spawned work runs on the loop thread, also after an await")
  func spawnStays() async {
    let (before, after) = await withCheckedContinuation { continuation in
      EventLoop.spawn {
        let before = EventLoop.isCurrent
        await Task.yield()
        continuation.resume(returning: (before, EventLoop.isCurrent))
      }
    }
    #expect(before && after)
    #expect(!EventLoop.isCurrent)
  }

  @Test("200,000 awaits on the loop bring next to no enqueues from other threads")
  func foreignEnqueuesStayFlat() async {
    let tasks = 200
    let awaits = 1000
    let before = EventLoop.statistics.foreignEnqueues
    await withCheckedContinuation { continuation in
      EventLoop.spawn {
        let done = Countdown(tasks) { continuation.resume() }
        for _ in 0..<tasks {
          EventLoop.spawn {
            for _ in 0..<awaits { await PingPong.turn() }
            done.tick()
          }
        }
      }
    }
    let foreign = EventLoop.statistics.foreignEnqueues - before
    // Other suites share the loop; without the executor preference this would be 200,000 and more.
    #expect(foreign < tasks * awaits / 20, "\(foreign) foreign enqueues")
  }

  @Test("posts run in the order of their calls")
  func postOrder() async {
    let seen = await withCheckedContinuation { continuation in
      let list = Mutex<[Int]>([])
      let box = Box(list: list)
      for index in 0..<1000 { EventLoop.post { box.append(index) } }
      EventLoop.post { continuation.resume(returning: box.all) }
    }
    #expect(seen == Array(0..<1000))
  }

  @Test("many posts cost few wake-ups")
  func postsGather() async {
    let before = EventLoop.statistics.wakes
    await withCheckedContinuation { continuation in
      // The loop is busy while the posts arrive, so it need not be woken for them.
      EventLoop.post {
        for _ in 0..<10_000 { EventLoop.post {} }
        EventLoop.post { continuation.resume() }
      }
    }
    #expect(EventLoop.statistics.wakes - before < 5000)
  }

  @Test("an executor job from another thread is counted as foreign")
  func foreignIsCounted() async {
    let before = EventLoop.statistics.foreignEnqueues
    await Task.detached { await Touch.loop() }.value
    #expect(EventLoop.statistics.foreignEnqueues > before)
  }
}

@EventLoop
private enum Touch {
  static func loop() {}
}

@EventLoop
private enum PingPong {
  static func turn() async {
    await withCheckedContinuation { continuation in
      LoopCore.shared.atEndOfTick { continuation.resume() }
    }
  }
}

/// Calls `body` at the last of `count` ticks.
@EventLoop
private final class Countdown {
  private var count: Int
  private let body: () -> Void

  init(_ count: Int, _ body: @escaping () -> Void) {
    self.count = count
    self.body = body
  }

  func tick() {
    count -= 1
    if count == 0 { body() }
  }
}

private final class Box: Sendable {
  private let list: Mutex<[Int]>

  init(list: consuming Mutex<[Int]>) { self.list = list }

  func append(_ value: Int) { list.withLock { $0.append(value) } }

  var all: [Int] { list.withLock { $0 } }
}
