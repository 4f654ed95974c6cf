import Glibc
import Synchronization

/// The thread of a `FaultProxy`: poll(2) over the listener, a wake pipe and both sides of each link.
final class FaultProxyCore: Sendable {
  struct Counters: Sendable {
    var open = 0
    var accepted = 0
    var bytesFromClients = 0
  }

  let state = Mutex(Counters())
  private let listener: Int32
  private let server: SocketAddress
  private let wake: Pipe
  private let requests = Mutex<[Request]>([])
  private let stopped = Mutex(false)

  private struct Request: Sendable {
    let body: @Sendable (inout FaultProxyLinks) -> Void
    let done: Signal
  }

  init(listener: Int32, server: SocketAddress) throws(SupportError) {
    self.listener = listener
    self.server = server
    wake = try Pipe.make()
  }

  /// Runs `body` on the thread and waits for it.
  func command(_ body: @escaping @Sendable (inout FaultProxyLinks) -> Void) {
    let done = Signal()
    let isAccepted = stopped.withLock { stopped in
      if !stopped { requests.withLock { $0.append(Request(body: body, done: done)) } }
      return !stopped
    }
    guard isAccepted else { return }
    var byte: UInt8 = 1
    _ = write(wake.writer, &byte, 1)
    done.wait()
  }

  func run() {
    var links = FaultProxyLinks()
    while !links.isStopped {
      var polls = [
        pollfd(fd: wake.reader, events: Int16(POLLIN), revents: 0),
        pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
      ]
      links.addInterests(to: &polls)
      if poll(&polls, nfds_t(polls.count), links.millisecondsToNext) < 0 && errno != EINTR { break }
      if polls[0].revents != 0 {
        var bytes = [UInt8](repeating: 0, count: 64)
        _ = read(wake.reader, &bytes, bytes.count)
      }
      // Requests come before this round's bytes: a switch holds for all that arrives after it.
      let due = requests.withLock { requests in
        defer { requests = [] }
        return requests
      }
      for request in due { request.body(&links) }
      if polls[1].revents != 0 { links.accept(from: listener, server: server) }
      links.move(polls)
      publish(links)
      for request in due { request.done.fire() }
    }
    let late = stopped.withLock { stopped in
      stopped = true
      return requests.withLock { $0 }
    }
    for request in late { request.done.fire() }
    links.cutAll()
    publish(links)
    for descriptor in [listener, wake.reader, wake.writer] { close(descriptor) }
  }

  private func publish(_ links: FaultProxyLinks) {
    state.withLock {
      $0 = Counters(open: links.count, accepted: links.accepted, bytesFromClients: links.bytesFromClients)
    }
  }
}
