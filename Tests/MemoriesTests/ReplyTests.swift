import Proofs
import RedisWire
import TestSupport
import Testing

@testable import Memories

@Suite("Replies of the scripts")
struct ReplyTests {
  /// Replies as the scripts give them for one memory.
  private func replies() async throws -> (view: RESPValue, page: RESPValue) {
    let bed = try MemoryBed()
    _ = try await bed.store.store(StoreRequest(user: "u", content: "c", tags: ["t"], memoryID: "m"), job: try job(1))
    let names = try #require(try await bed.store.names())
    let keys = try MemoryPlace("m", of: "u", names: names, keys: bed.store.keys).keys
    let record = String(try bed.key("}:memory:").suffix(32))
    var read = RedisCommand(
      MemoryScripts.read, keys: [keys.key, keys.tree, keys.ids, keys.forgotten, keys.memory(record)])
    read.append(record)
    read.append("1")
    var scan = RedisCommand(MemoryScripts.scan, keys: [keys.key, keys.tree, keys.ids, keys.erasure("x")])
    for argument in [keys.stem, "0", "10"] { scan.append(argument) }
    return (try await bed.store.execute(read), try await bed.store.execute(scan))
  }

  private func mutate(_ value: RESPValue, _ generator: inout SeededGenerator) -> RESPValue {
    if case .array(var elements) = value, !elements.isEmpty, Int.random(in: 0..<8, using: &generator) > 0 {
      let place = Int.random(in: 0..<elements.count, using: &generator)
      switch Int.random(in: 0..<12, using: &generator) {
      case 0: elements.remove(at: place)
      case 1: elements.insert(elements[place], at: place)
      case 2: elements += Array(repeating: .null, count: 24)
      default: elements[place] = mutate(elements[place], &generator)
      }
      return .array(elements)
    }
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: return .null
    case 1: return .integer([Int64.min, Int64.max, -1, 0, 1 << 20, 1 << 40].randomElement(using: &generator) ?? 0)
    case 2: return .array([])
    case 3: return .bulk(Array("99999999999999999999".utf8))
    default: return .bulk(generator.mutate(value.bytes ?? [0x31]))
    }
  }

  @Test("20,000 altered replies are read or refused, and never trap")
  func mutations() async throws {
    let replies = try await replies()
    _ = try MemoryView(replies.view).memory()
    #expect(try ErasurePage(replies.page).rows.count == 1)
    var generator = SeededGenerator()
    var refused = 0
    for turn in 0..<20_000 {
      do throws(MemoryError) {
        if turn % 2 == 0 {
          let view = try MemoryView(mutate(replies.view, &generator))
          if let memory = try view.memory() { _ = view.tree.siblings.count + memory.leafIndex }
        } else {
          for row in try ErasurePage(mutate(replies.page, &generator)).rows { _ = try StoredMemory(row.fields) }
        }
      } catch {
        refused += 1
        #expect(!error.isRetryable, "\(generator)")
      }
    }
    #expect(refused > 4_000, "\(generator)")
  }

  @Test("an erasure record reads back as it was written, and only so")
  func erasure() throws {
    for result in [
      ForgetResult(forgotten: 0, nullifiers: []), ForgetResult(forgotten: 3, nullifiers: [1, 2, 3]),
      ForgetResult(forgotten: 5, nullifiers: [7]),
    ] {
      #expect(try Erasure(decoding: Erasure(result).encoded).result == result)
    }
    for text in ["", "x", "-1", "1\n2\n3", "1\nx", "1\n-2", "1\n" + String(repeating: "9", count: 78)] {
      #expect(throws: MemoryError.self) { try Erasure(decoding: text) }
    }
  }

  @Test(
    "tags are compared without case and surplus white space",
    arguments: [("Tax", "tax"), (" a \t b\n", "a b"), ("ÄRZTE", "ärzte"), ("\u{3000}", ""), ("a-b", "a-b")])
  func normalised(_ tag: String, _ expected: String) {
    #expect(BlindIndex.normalised(tag) == expected)
  }
}
