/// First in, first out; taking from the front is O(1) on average.
struct PendingQueue<Element> {
  private var storage: [Element?] = []
  private var head = 0

  var count: Int { storage.count - head }
  var isEmpty: Bool { head == storage.count }

  mutating func append(_ element: Element) {
    storage.append(element)
  }

  mutating func popFirst() -> Element? {
    guard head < storage.count else { return nil }
    var element: Element?
    swap(&element, &storage[head])
    head += 1
    if head == storage.count {
      storage.removeAll(keepingCapacity: storage.capacity <= 1024)
      head = 0
    } else if head >= 64, head * 2 >= storage.count {
      storage.removeFirst(head)
      head = 0
    }
    return element
  }

  /// Everything, in order; the queue is empty afterwards.
  mutating func takeAll() -> [Element] {
    let all = elements
    storage = []
    head = 0
    return all
  }

  /// Everything, in order.
  var elements: [Element] { storage[head...].compactMap { $0 } }
}
