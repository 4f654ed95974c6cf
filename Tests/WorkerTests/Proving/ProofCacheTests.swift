import Testing

@testable import Worker

@Suite("The cache of proofs")
struct ProofCacheTests {
  private func key(_ cache: ProofCache, _ number: UInt8) throws -> ProofCache.Key {
    try cache.key(keyID: "k", form: "f", witness: [number])
  }

  @Test("a result is found by its whole statement only")
  func lookup() throws {
    let cache = try ProofCache()
    let key = try cache.key(keyID: "k", form: "f", witness: [1, 2])
    #expect(cache[key] == nil)
    cache.put([7], for: key)
    #expect(cache[try cache.key(keyID: "k", form: "f", witness: [1, 2])] == [7])
    let others = [
      try cache.key(keyID: "k2", form: "f", witness: [1, 2]), try cache.key(keyID: "k", form: "g", witness: [1, 2]),
      try cache.key(keyID: "k", form: "f", witness: [1, 3]), try cache.key(keyID: "k", form: "f", witness: [1, 2, 0]),
      try cache.key(keyID: "kf", form: "", witness: [1, 2]), try cache.key(keyID: "", form: "kf", witness: [1, 2]),
    ]
    for other in others { #expect(cache[other] == nil) }
  }

  @Test("another process finds nothing by the same statement: the key of the cache is random")
  func keyed() throws {
    let first = try ProofCache()
    #expect(try key(first, 1) != key(try ProofCache(), 1))
  }

  @Test("what was used longest ago goes first")
  func leastRecent() throws {
    let cache = try ProofCache(mostEntries: 3)
    let keys = try (0..<4).map { try key(cache, UInt8($0)) }
    for index in 0..<3 { cache.put([UInt8(index)], for: keys[index]) }
    #expect(cache[keys[0]] == [0])
    cache.put([3], for: keys[3])
    #expect(cache[keys[1]] == nil)
    #expect(cache[keys[0]] == [0] && cache[keys[2]] == [2] && cache[keys[3]] == [3])
  }

  @Test("bytes are bounded, and a result over the bound is not kept")
  func bytes() throws {
    let cache = try ProofCache(mostEntries: 100, mostBytes: 1000)
    let keys = try (0..<20).map { try key(cache, UInt8($0)) }
    for key in keys { cache.put([UInt8](repeating: 1, count: 100), for: key) }
    #expect(cache.count == 10)
    #expect(cache[keys[9]] == nil && cache[keys[10]] != nil)
    cache.put([UInt8](repeating: 1, count: 1001), for: keys[0])
    #expect(cache[keys[0]] == nil && cache.count == 10)
  }

  @Test("a result in place of another counts once")
  func replaces() throws {
    let cache = try ProofCache(mostEntries: 2, mostBytes: 250)
    let (one, two) = (try key(cache, 1), try key(cache, 2))
    for _ in 0..<50 { cache.put([UInt8](repeating: 1, count: 100), for: one) }
    cache.put([UInt8](repeating: 2, count: 100), for: two)
    #expect(cache.count == 2 && cache[one] != nil && cache[two] != nil)
  }

  @Test("no entries means no cache")
  func none() throws {
    let cache = try ProofCache(mostEntries: 0)
    let key = try key(cache, 1)
    cache.put([1], for: key)
    #expect(cache[key] == nil && cache.count == 0)
  }

  @Test("threads at once leave it within its bounds")
  func concurrent() async throws {
    let cache = try ProofCache(mostEntries: 8)
    await withTaskGroup { group in
      for task in 0..<4 {
        group.addTask {
          for round in 0..<500 {
            guard let key = try? self.key(cache, UInt8((round * 7 + task) % 32)) else { continue }
            if let found = cache[key] { #expect(found == [UInt8((round * 7 + task) % 32)]) }
            cache.put([UInt8((round * 7 + task) % 32)], for: key)
          }
        }
      }
    }
    #expect(cache.count == 8)
  }
}
