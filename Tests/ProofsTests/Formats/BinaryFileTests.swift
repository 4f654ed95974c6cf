import TestSupport
import Testing

@testable import Proofs

/// The places of a file's sections: id, where the content begins, and its length.
private func sections(_ bytes: [UInt8]) -> [(id: UInt32, start: Int, count: Int)] {
  func number(_ start: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 | Int(bytes[start + $1]) << ($1 * 8) } }
  var found: [(UInt32, Int, Int)] = []
  var place = 12
  while place < bytes.count {
    let count = number(place + 4, 8)
    found.append((UInt32(number(place, 4)), place + 12, count))
    place += 12 + count
  }
  return found
}

private func code(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch let error as ProofsError {
    return error.code
  } catch {
    return "another error: \(error)"
  }
}

@Suite(".zkey files") struct ZKeyTests {
  private func bytes() throws -> [UInt8] { ZKey.bytes(try Cube.key.get()) }

  private func start(_ id: UInt32, _ bytes: [UInt8]) throws -> Int {
    try #require(sections(bytes).first { $0.id == id }).start
  }

  @Test func roundTrip() throws {
    let key = try Cube.key.get()
    let bytes = try bytes()
    let read = try ZKey.provingKey(bytes)
    #expect(ZKey.bytes(read) == bytes)
    #expect(read.verifyingKey == key.verifyingKey && read.a == key.a && read.b1 == key.b1 && read.b2 == key.b2)
    #expect(read.c == key.c && read.h == key.h && read.left == key.left && read.right == key.right)
    #expect(try ZKey.verifyingKey(bytes) == key.verifyingKey)
    let witness = try Cube.example.witness()
    let proof = try Prover(read).prove(witness: witness.wires, blinding: Blinding(fixed: 3, 4))
    try Verifier(read.verifyingKey).verify(proof, publicSignals: witness.publicSignals)
  }

  @Test("the layout that other tools read")
  func layout() throws {
    let bytes = try bytes()
    let sections = sections(bytes)
    #expect(sections.map(\.id) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1000])
    let system = Cube.system
    let wires = system.wireCount
    let entries = system.left.entries.count + system.right.entries.count + system.publicCount + 1
    #expect(
      sections.map(\.count) == [
        4, 84 + 3 * 64 + 3 * 128, 3 * 64, 4 + 44 * entries, 64 * wires, 64 * wires, 128 * wires, 64 * (wires - 3),
        64 * 8, 68,
        12,
      ])
    // alpha, the first point, in Montgomery form.
    let alpha = try Cube.key.get().verifyingKey.alpha
    let place = sections[1].start + 84
    #expect(
      Array(bytes[place..<place + 8])
        == (0..<8).map { UInt8(truncatingIfNeeded: alpha.x.montgomeryLimbs.0 >> ($0 * 8)) })
    // The coefficient 1 as 2^512 mod r.
    let value = sections[3].start + 4 + 12
    #expect(
      Array(bytes[value..<value + 8])
        == (0..<8).map { UInt8(truncatingIfNeeded: ScalarParameters.radixSquared.0 >> ($0 * 8)) })
  }

  @Test func developmentKeysAreKnown() throws {
    let bytes = try bytes()
    #expect(try ZKey.isDevelopment(bytes))
    #expect(String(decoding: bytes.suffix(12), as: UTF8.self) == "insecure-dev")
    // Without our mark the missing contributions still tell.
    var unmarked = bytes
    unmarked.removeLast(24)
    unmarked[8] = 10
    #expect(try ZKey.isDevelopment(unmarked))
    var contributed = unmarked
    contributed[try start(10, unmarked) + 64] = 1
    #expect(try !ZKey.isDevelopment(contributed))
    #expect(try ZKey.provingKey(contributed).wireCount == Cube.system.wireCount)
    // The mark counts even beside contributions.
    var both = bytes
    both[try start(10, bytes) + 64] = 1
    #expect(try ZKey.isDevelopment(both))
  }

  @Test func otherFilesAreNamed() throws {
    let good = try bytes()
    func changed(_ place: Int, _ value: UInt8) -> [UInt8] {
      var bytes = good
      bytes[place] = value
      return bytes
    }
    let header = try start(2, good)
    let cases: [(String, [UInt8], String)] = [
      ("empty", [], "malformed_file"), ("another kind", changed(0, 0), "malformed_file"),
      ("another version", changed(4, 2), "malformed_file"), ("a section twice", changed(24 + 4, 1), "malformed_file"),
      ("PLONK", changed(try start(1, good), 2), "unsupported_protocol"),
      ("FFLONK", changed(try start(1, good), 10), "unsupported_protocol"),
      ("another prime length", changed(header, 48), "wrong_curve"),
      ("another p", changed(header + 4, 0), "wrong_curve"),
      ("another r", changed(header + 40, 0), "wrong_curve"),
      ("more wires", changed(header + 72, 200), "malformed_file"),
      ("more signals", changed(header + 76, 200), "malformed_file"),
      ("a domain of 9", changed(header + 80, 9), "malformed_file"),
      ("a domain of 16", changed(header + 80, 16), "malformed_file"),
      ("alpha off the curve", changed(header + 84, good[header + 84] ^ 1), "invalid_point"),
      ("a point of A off the curve", changed(try start(5, good), good[try start(5, good)] ^ 1), "invalid_point"),
      ("a coefficient of side 2", changed(try start(4, good) + 4, 2), "malformed_file"),
      ("a coefficient of wire 255", changed(try start(4, good) + 12, 255), "malformed_file"),
      ("a coefficient of row 255", changed(try start(4, good) + 8, 255), "malformed_file"),
    ]
    for (name, bytes, expected) in cases { #expect(code { _ = try ZKey.provingKey(bytes) } == expected, "\(name)") }
  }

  @Test("a plonk key's message names the protocol")
  func messages() throws {
    #expect(ProofsError.unsupportedProtocol(2).description.contains("PLONK"))
    #expect(ProofsError.unsupportedProtocol(10).description.contains("FFLONK"))
    #expect(ProofsError.wrongCurve(kind: "zkey").description.contains("bn128"))
  }

  @Test("a point of B outside the subgroup is refused")
  func subgroup() throws {
    let good = try bytes()
    let place = try start(7, good)
    let stray = try strayTwistPoint.get()
    var content: [UInt8] = []
    for number in [stray.x.c0, stray.x.c1, stray.y.c0, stray.y.c1] { content.append(number.montgomeryLimbs) }
    let bytes = good[..<place] + content + good[(place + 128)...]
    #expect(throws: ProofsError.invalidPoint("section 7[0]", .pointNotInSubgroup)) { try ZKey.provingKey(Array(bytes)) }
  }

  @Test("a header that names a huge domain makes nothing grow: the lists must show it first")
  func hugeDomain() throws {
    var bytes = try bytes()
    let header = try start(2, bytes)
    // 2^26 points, and a coefficient in the last row of them.
    bytes.replaceSubrange((header + 80)..<(header + 84), with: [0, 0, 0, 4])
    let coefficients = try start(4, bytes)
    bytes.replaceSubrange((coefficients + 8)..<(coefficients + 12), with: [255, 255, 255, 3])
    let error = #expect(throws: ProofsError.self) { try ZKey.provingKey(bytes) }
    #expect(error?.description.contains("section 9") == true)
  }

  @Test("reading a key stops when it is told to, in whichever list of points")
  func stops() throws {
    let good = try bytes()
    var asked = 0
    _ = try ZKey.provingKey(good) {
      asked += 1
      return false
    }
    #expect(asked == 5)
    for last in 1...5 {
      asked = 0
      #expect(throws: ProofsError.stopped) {
        try ZKey.provingKey(good) {
          asked += 1
          return asked == last
        }
      }
      #expect(asked == last)
    }
  }

  @Test("every cut is an error")
  func cuts() throws {
    let good = try bytes()
    for count in stride(from: 0, to: good.count, by: 7) {
      #expect(code { _ = try ZKey.provingKey(Array(good[..<count])) } == "malformed_file", "\(count) bytes")
    }
  }

  @Test("random changes end in a typed error or a key")
  func mutations() throws {
    var generator = SeededGenerator()
    let good = try bytes()
    let places = sections(good)
    var refused = 0
    let count = isLongRun ? 10_000 : 500
    for _ in 0..<count {
      var bytes = good
      // Half of the changes go where sizes and counts are.
      let place: Int
      if generator.next() & 1 == 0 {
        let section = places[Int(generator.next(upperBound: UInt64(places.count)))]
        place = section.start - 12 + Int(generator.next(upperBound: UInt64(min(12 + section.count, 40))))
      } else {
        place = Int(generator.next(upperBound: UInt64(bytes.count)))
      }
      bytes[place] = UInt8(truncatingIfNeeded: generator.next())
      do {
        _ = try ZKey.isDevelopment(bytes)
        _ = try ZKey.provingKey(bytes)
      } catch {
        refused += 1
      }
    }
    #expect(refused > count / 4, "\(refused) of \(count); \(generator)")
  }
}

@Suite(".wtns files") struct WitnessFileTests {
  @Test func roundTrip() throws {
    let wires: [Fr] = [1, 0, -.one, 77]
    let bytes = WitnessFile.bytes(wires)
    #expect(try WitnessFile.read(bytes) == wires)
    #expect(bytes.count == 12 + 12 + 40 + 12 + 4 * 32)
    #expect(String(decoding: bytes[..<4], as: UTF8.self) == "wtns" && bytes[4] == 2)
    #expect(try WitnessFile.read(WitnessFile.bytes([])) == [])
  }

  @Test func departuresAreNamed() throws {
    let good = WitnessFile.bytes([1, 5])
    func changed(_ place: Int, _ value: UInt8) -> [UInt8] {
      var bytes = good
      bytes[place] = value
      return bytes
    }
    let header = sections(good)[0].start
    let values = sections(good)[1].start
    #expect(code { _ = try WitnessFile.read([]) } == "malformed_file")
    #expect(code { _ = try WitnessFile.read(changed(0, 0)) } == "malformed_file")
    #expect(code { _ = try WitnessFile.read(changed(4, 1)) } == "malformed_file")
    #expect(code { _ = try WitnessFile.read(changed(header, 31)) } == "wrong_curve")
    #expect(code { _ = try WitnessFile.read(changed(header + 4, 0)) } == "wrong_curve")
    #expect(code { _ = try WitnessFile.read(changed(header + 36, 3)) } == "malformed_file")
    #expect(code { _ = try WitnessFile.read(changed(header + 39, 255)) } == "malformed_file")
    #expect(code { _ = try WitnessFile.read(changed(values + 31, 255)) } == "not_canonical")
    for count in 0..<good.count {
      #expect(code { _ = try WitnessFile.read(Array(good[..<count])) } == "malformed_file", "\(count) bytes")
    }
  }

  @Test("a number of r is no number below r")
  func modulus() throws {
    var bytes = WitnessFile.bytes([1])
    var modulus: [UInt8] = []
    modulus.append(
      (ScalarParameters.modulus0, ScalarParameters.modulus1, ScalarParameters.modulus2, ScalarParameters.modulus3))
    bytes.replaceSubrange((bytes.count - 32)..., with: modulus)
    #expect(code { _ = try WitnessFile.read(bytes) } == "not_canonical")
  }
}

@Suite(".r1cs files") struct ConstraintFileTests {
  @Test("what a reader of its own finds in the file is the system")
  func layout() throws {
    let system = Cube.system
    let bytes = ConstraintFile.bytes(system)
    #expect(String(decoding: bytes[..<4], as: UTF8.self) == "r1cs" && bytes[4] == 1)
    let sections = sections(bytes)
    #expect(sections.map(\.id) == [1, 2, 3])
    func number(_ start: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 | Int(bytes[start + $1]) << ($1 * 8) } }
    let header = sections[0].start
    #expect(sections[0].count == 64 && number(header, 4) == 32)
    let counts = (0..<4).map { number(header + 36 + 4 * $0, 4) }
    #expect(counts == [system.wireCount, 1, 1, system.wireCount - 3])
    #expect(number(header + 52, 8) == system.wireCount && number(header + 60, 4) == system.constraintCount)
    var place = sections[1].start
    for row in 0..<system.constraintCount {
      for side in [system.left[row], system.right[row], system.output[row]] {
        #expect(number(place, 4) == side.count)
        place += 4
        for entry in side {
          #expect(number(place, 4) == Int(entry.wire))
          #expect(try Fr(littleEndian: Array(bytes[(place + 4)..<(place + 36)])) == entry.coefficient)
          place += 36
        }
      }
    }
    #expect(place == sections[1].start + sections[1].count)
    #expect(sections[2].count == 8 * system.wireCount)
    #expect((0..<system.wireCount).allSatisfy { number(sections[2].start + 8 * $0, 8) == $0 })
  }
}
