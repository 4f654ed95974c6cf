import JSONWire
import Sealing

extension APIKeys {
  /// What is wrong with a file of keys, and where; never any of its hashes.
  struct Malformed: Error, CustomStringConvertible {
    let description: String
  }

  /// Reads a file: JSON `{"keys":[{"name","sha256","scopes":[...],"owner"}]}`, or lines `name sha256 scope,scope [owner]`
  /// with `#` before comments. Without an owner the name is it.
  init(_ bytes: [UInt8]) throws(Malformed) {
    let first = bytes.first { !" \t\r\n".utf8.contains($0) }
    entries = first == UInt8(ascii: "{") ? try Self.readJSON(bytes) : try Self.readLines(bytes)
    guard !entries.isEmpty else { throw Malformed(description: "it holds no key") }
    guard entries.count <= Self.most else { throw Malformed(description: "it holds more than \(Self.most) keys") }
    guard Set(entries.map(\.name)).count == entries.count else {
      throw Malformed(description: "two keys have the same name")
    }
    guard Set(entries.map(\.hash)).count == entries.count else {
      throw Malformed(description: "two names have the same key")
    }
  }

  private static func readJSON(_ bytes: [UInt8]) throws(Malformed) -> [Entry] {
    let root: JSONValue
    do { root = try JSONDocument(bytes).root } catch {
      throw Malformed(description: "it is no JSON (\(error.code) at byte \(error.offset))")
    }
    guard root.members.allSatisfy({ $0.name == "keys" }), let keys = root["keys"], keys.kind == .array else {
      throw Malformed(description: "it must be an object with the one field keys, an array")
    }
    var entries: [Entry] = []
    for (index, key) in keys.elements.enumerated() {
      let place = "key \(index + 1)"
      let known: Set<String> = ["name", "sha256", "scopes", "owner"]
      guard key.kind == .object, key.members.allSatisfy({ known.contains($0.name) }) else {
        throw Malformed(description: "\(place) must be an object of name, sha256, scopes and owner")
      }
      guard let scopes = key["scopes"], scopes.kind == .array else {
        throw Malformed(description: "\(place) needs scopes, an array")
      }
      entries.append(
        try entry(
          place, name: key["name"]?.asString, hash: key["sha256"]?.asString,
          scopes: scopes.elements.map { $0.asString ?? "" },
          owner: key["owner"].map { $0.asString ?? "" }))
    }
    return entries
  }

  private static func readLines(_ bytes: [UInt8]) throws(Malformed) -> [Entry] {
    var entries: [Entry] = []
    for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      let words = line.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }.map { String(decoding: $0, as: UTF8.self) }
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      let place = "line \(index + 1)"
      guard words.count == 3 || words.count == 4 else {
        throw Malformed(description: "\(place) must have a name, a sha256, scopes with commas, and may have an owner")
      }
      entries.append(
        try entry(
          place, name: first, hash: words[1],
          scopes: words[2].split(separator: ",", omittingEmptySubsequences: false).map(String.init),
          owner: words.count == 4 ? words[3] : nil))
    }
    return entries
  }

  private static func entry(
    _ place: String, name: String?, hash: String?, scopes: [String], owner: String?
  ) throws(Malformed) -> Entry {
    guard let name, Caller.isOwner(name), Caller.isOwner(owner ?? name) else {
      throw Malformed(description: "\(place) needs a name, and an owner if any, of 1 to 128 visible ASCII characters")
    }
    let digest: [UInt8]
    do {
      digest = try Hex.decode(hash ?? "")
      guard digest.count == Digest.sha256.length else { throw CodecError.invalidLength(digest.count) }
    } catch {
      throw Malformed(description: "\(place) needs sha256, the 64 hex digits of the key's hash, not the key")
    }
    let known = scopes.compactMap { Scope(rawValue: $0) }
    guard known.count == scopes.count, !known.isEmpty else {
      let words = Scope.allCases.map(\.rawValue).joined(separator: ", ")
      throw Malformed(description: "\(place) needs scopes out of \(words)")
    }
    return Entry(name: name, hash: digest, caller: Caller(owner: owner ?? name, scopes: Set(known)))
  }
}
