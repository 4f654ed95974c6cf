import Foundation
import TestSupport
import Testing

@testable import Worker

@Suite("The folder of proving keys")
struct KeyFolderTests {
  private static let bytes = (0..<100_000).map { UInt8($0 % 251) }

  private func withFolder(_ body: (KeyFolder, String) throws -> Void) throws {
    let parent = try TemporaryFolder()
    let path = parent.path + "/keys"
    try body(KeyFolder(path: path), path)
  }

  private func mode(_ path: String) throws -> Int {
    try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
  }

  @Test("a key that is added is pinned with the hash that sha256sum gives, for the owner alone")
  func adds() async throws {
    let parent = try TemporaryFolder()
    let path = parent.path + "/keys"
    let folder = KeyFolder(path: path)
    #expect(try folder.manifest() == nil)
    try folder.add(Self.bytes, name: "one", origin: .insecureDevelopment)
    try folder.add([1, 2, 3], name: "two", origin: .ceremony)
    let manifest = try #require(try folder.manifest())
    let one = try #require(manifest["one"])
    #expect(try await Tool.output(of: "sha256sum", ["\(path)/one.zkey"]).hasPrefix(one.sha256))
    #expect(one.origin == .insecureDevelopment && manifest["two"]?.origin == .ceremony)
    #expect(try folder.key(one) == Self.bytes)
    for (file, wanted) in [("", 0o700), ("/one.zkey", 0o600), ("/manifest.json", 0o600)] {
      #expect(try mode(path + file) == wanted, "\(file)")
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    #expect(left == [".lock", "manifest.json", "one.zkey", "two.zkey"])
  }

  @Test("a key replaces the one of its name")
  func replaces() throws {
    try withFolder { folder, _ in
      try folder.add([1], name: "k", origin: .insecureDevelopment)
      try folder.add([2], name: "k", origin: .insecureDevelopment)
      let pin = try #require(try folder.manifest()?["k"])
      #expect(try folder.key(pin) == [2])
      #expect(try folder.manifest()?.pins.count == 1)
    }
  }

  @Test("a file of other bytes is refused: one bit, a byte less, a byte more")
  func altered() throws {
    try withFolder { folder, path in
      try folder.add(Self.bytes, name: "k", origin: .ceremony)
      let pin = try #require(try folder.manifest()?["k"])
      var flipped = Self.bytes
      flipped[77_777] ^= 1
      for bytes in [flipped, Array(Self.bytes.dropLast()), Self.bytes + [0], []] {
        try Data(bytes).write(to: URL(fileURLWithPath: path + "/k.zkey"))
        #expect(throws: KeyError.altered("k")) { try folder.key(pin) }
      }
      try FileManager.default.removeItem(atPath: path + "/k.zkey")
      let error = #expect(throws: KeyError.self) { try folder.key(pin) }
      #expect(error?.code == "key_unreadable")
      #expect(error?.description.contains(path) == false)
    }
  }

  @Test("processes that add at once lose nothing of each other's")
  func concurrent() async throws {
    let parent = try TemporaryFolder()
    let folder = KeyFolder(path: parent.path + "/keys")
    try await withThrowingTaskGroup { group in
      for number in 0..<8 {
        group.addTask { try folder.add([UInt8(number)], name: "k\(number)", origin: .ceremony) }
      }
      try await group.waitForAll()
    }
    let manifest = try #require(try folder.manifest())
    #expect(manifest.pins.keys.sorted() == (0..<8).map { "k\($0)" })
    for pin in manifest.pins.values { #expect(try folder.key(pin).count == 1) }
  }

  @Test("a folder that cannot be read or made is an error")
  func unusable() throws {
    let parent = try TemporaryFolder()
    try Data().write(to: URL(fileURLWithPath: parent.path + "/file"))
    let error = #expect(throws: KeyError.self) {
      try KeyFolder(path: parent.path + "/file/keys").add([1], name: "k", origin: .ceremony)
    }
    #expect(error?.code == "key_unreadable")
  }

  @Test(
    "a manifest that is not exactly one is refused, with what is wrong",
    arguments: [
      ("", "JSON"), ("{}", "version"), (#"{"version":2,"keys":[]}"#, "version"), (#"{"version":1}"#, "keys"),
      (#"{"version":1,"keys":[],"more":1}"#, "more"), (#"{"version":1,"keys":[7]}"#, "keys/0"),
      (#"{"version":1,"keys":[{"name":"../k","sha256":"S","origin":"ceremony"}]}"#, "name"),
      (#"{"version":1,"keys":[{"name":"k","sha256":"XX","origin":"ceremony"}]}"#, "sha256"),
      (#"{"version":1,"keys":[{"name":"k","sha256":"S","origin":"mine"}]}"#, "origin"),
      (
        #"{"version":1,"keys":[{"name":"k","sha256":"S","origin":"ceremony"},{"name":"k","sha256":"S","origin":"ceremony"}]}"#,
        "second"
      ),
    ])
  func badManifest(text: String, word: String) throws {
    let text = text.replacingOccurrences(of: "\"S\"", with: "\"\(String(repeating: "a", count: 64))\"")
    let error = #expect(throws: KeyError.self) { try KeyManifest(Array(text.utf8)) }
    #expect(error?.code == "key_manifest_invalid")
    #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
  }

  @Test("a manifest is read back as it was written")
  func roundTrip() throws {
    var manifest = KeyManifest()
    for name in ["b", "A-1", "c_"] {
      manifest.put(.init(name: name, sha256: String(repeating: "0", count: 64), origin: .ceremony))
    }
    #expect(try KeyManifest(manifest.json) == manifest)
  }

  @Test("scripts/pin-keys pins what it finds: development keys as such, all else as a ceremony's")
  func pinKeys() async throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let script = root.appendingPathComponent("scripts/pin-keys").path
    let folder = try TemporaryFolder()
    #expect(try await Tool.run(script, [folder.path]).status == 1)
    try Data(Self.bytes).write(to: URL(fileURLWithPath: folder.path + "/My-key_1.zkey"))
    try Data([0, 1] + Array("insecure-dev".utf8) + [2]).write(to: URL(fileURLWithPath: folder.path + "/dev.zkey"))
    try await Tool.output(of: script, [folder.path])
    let keys = KeyFolder(path: folder.path)
    let manifest = try #require(try keys.manifest())
    #expect(manifest["My-key_1"]?.origin == .ceremony && manifest["dev"]?.origin == .insecureDevelopment)
    #expect(try keys.key(try #require(manifest["My-key_1"])) == Self.bytes)
    try Data([1]).write(to: URL(fileURLWithPath: folder.path + "/a b.zkey"))
    #expect(try await Tool.run(script, [folder.path]).status == 1)
    #expect(try keys.manifest() == manifest)
  }

  @Test("names of keys cannot make paths")
  func names() {
    for good in ["a", "memory_policy", "My-Circuit_2", String(repeating: "a", count: 64)] {
      #expect(KeyManifest.isName(good))
    }
    for bad in ["", ".", "..", "a/b", "a.b", "a b", "é", "a\0", String(repeating: "a", count: 65)] {
      #expect(!KeyManifest.isName(bad))
    }
  }
}
