import Glibc

/// The open connections of a `FaultProxy` and its switches; only its thread touches this value.
struct FaultProxyLinks {
  var mode = FaultProxy.Mode.forward
  var cutAfter: Int?
  var isStopped = false
  private(set) var accepted = 0
  private(set) var bytesFromClients = 0
  private var links: [Link] = []

  /// One direction of a link: what was read and is not yet written.
  private struct Stream {
    var pieces: [(due: ContinuousClock.Instant, bytes: [UInt8])] = []
    var readerEnded = false
    var isDone = false
    var hasFailed = false
  }

  private struct Link {
    let client: Int32
    let server: Int32
    var up = Stream()
    var down = Stream()
    var sentUp = 0
    var isGone = false
    // Places in the poll list of this round; nil for a link that was accepted after the list was made.
    var polled: Int?

    var isDead: Bool { isGone || up.hasFailed || down.hasFailed || (up.isDone && down.isDone) }
  }

  var count: Int { links.count }

  mutating func accept(from listener: Int32, server: SocketAddress) {
    let client = Glibc.accept(listener, nil, nil)
    guard client >= 0 else { return }
    accepted += 1
    let upstream = server.makeSocket()
    guard mode != .refuse, upstream >= 0, server.connect(upstream) == 0 else {
      Self.reset(client)
      if upstream >= 0 { close(upstream) }
      return
    }
    for descriptor in [client, upstream] {
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }
    links.append(Link(client: client, server: upstream))
  }

  mutating func cutAll() {
    for link in links {
      Self.reset(link.client)
      Self.reset(link.server)
    }
    links = []
  }

  mutating func halfCloseAll() {
    for index in links.indices {
      shutdown(links[index].client, Int32(SHUT_WR))
      links[index].down.isDone = true
    }
  }

  /// How long poll may sleep: until the next delayed piece is due; -1 for ever.
  var millisecondsToNext: Int32 {
    let now = ContinuousClock.now
    let next = links.flatMap { [passesUp ? $0.up : nil, passesDown ? $0.down : nil] }
      .compactMap { $0?.pieces.first?.due }.filter { $0 > now }.min()
    guard let next else { return -1 }
    let left = next - now
    return Int32(clamping: left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000 + 1)
  }

  mutating func addInterests(to polls: inout [pollfd]) {
    let now = ContinuousClock.now
    for index in links.indices {
      let link = links[index]
      links[index].polled = polls.count
      polls.append(interest(in: link.client, reading: link.up, writing: link.down, passes: passesDown, now: now))
      polls.append(interest(in: link.server, reading: link.down, writing: link.up, passes: passesUp, now: now))
    }
  }

  mutating func move(_ polls: [pollfd]) {
    let now = ContinuousClock.now
    for index in links.indices {
      guard let place = links[index].polled else { continue }
      if polls[place].revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 {
        let client = links[index].client
        bytesFromClients += Self.read(client, into: &links[index].up, due: due(now))
      }
      if polls[place + 1].revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 {
        let server = links[index].server
        _ = Self.read(server, into: &links[index].down, due: due(now))
      }
      sendUp(index, now)
      let client = links[index].client
      if passesDown { _ = Self.write(&links[index].down, to: client, now: now, limit: .max) }
    }
    for link in links where link.isDead {
      // A peer's reset or both ends' end: the other side sees the same.
      Self.reset(link.client)
      Self.reset(link.server)
    }
    links.removeAll { $0.isDead }
  }

  private mutating func sendUp(_ index: Int, _ now: ContinuousClock.Instant) {
    guard passesUp else { return }
    let limit = cutAfter.map { max(0, $0 - links[index].sentUp) } ?? .max
    let server = links[index].server
    let sent = Self.write(&links[index].up, to: server, now: now, limit: limit)
    if cutAfter != nil, sent > 0 {
      links[index].sentUp += sent
      if sent == limit {
        cutAfter = nil
        // An orderly end towards the server, so that it processes what it got; a reset towards the client.
        shutdown(links[index].server, Int32(SHUT_WR))
        Self.reset(links[index].client)
        close(links[index].server)
        links[index] = Link(client: -1, server: -1, isGone: true)
      }
    }
  }

  private var passesUp: Bool { mode != .blackHole }
  private var passesDown: Bool { mode != .blackHole && mode != .holdReplies }

  private func due(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant {
    if case .delay(let delay) = mode { return now.advanced(by: delay) }
    return now
  }

  private func interest(
    in descriptor: Int32, reading: Stream, writing: Stream, passes: Bool, now: ContinuousClock.Instant
  ) -> pollfd {
    var events: Int32 = 0
    // At most 1 MiB waits in a link, so that a black hole fills the sockets as a real one does.
    let waiting = reading.pieces.reduce(0) { $0 + $1.bytes.count }
    if !reading.readerEnded && waiting < 1 << 20 { events |= POLLIN }
    if passes, let first = writing.pieces.first, first.due <= now { events |= POLLOUT }
    // A descriptor without interest would still report its hang-up, for ever.
    return pollfd(fd: events == 0 ? -1 : descriptor, events: Int16(events), revents: 0)
  }

  private static func read(
    _ descriptor: Int32, into stream: inout Stream, due: ContinuousClock.Instant
  ) -> Int {
    guard !stream.readerEnded else { return 0 }
    var chunk = [UInt8](repeating: 0, count: 65536)
    let n = recv(descriptor, &chunk, chunk.count, 0)
    if n > 0 {
      stream.pieces.append((due, Array(chunk[..<n])))
      return n
    }
    if n == 0 { stream.readerEnded = true } else if errno != EAGAIN && errno != EINTR { stream.hasFailed = true }
    return 0
  }

  private static func write(_ stream: inout Stream, to descriptor: Int32, now: ContinuousClock.Instant, limit: Int)
    -> Int
  {
    var sent = 0
    while let first = stream.pieces.first, first.due <= now, sent < limit {
      let part = min(first.bytes.count, limit - sent)
      let n = first.bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, part, Int32(MSG_NOSIGNAL)) }
      if n < 0 { break }
      sent += n
      if n == first.bytes.count {
        stream.pieces.removeFirst()
      } else {
        stream.pieces[0].bytes.removeFirst(n)
        break
      }
    }
    if stream.pieces.isEmpty && stream.readerEnded && !stream.isDone {
      shutdown(descriptor, Int32(SHUT_WR))
      stream.isDone = true
    }
    return sent
  }

  private static func reset(_ descriptor: Int32) {
    guard descriptor >= 0 else { return }
    var hard = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
    close(descriptor)
  }
}
