internal import CAssets
internal import Glibc

/// The embedded Lua sources, with their `--@include` lines resolved.
enum ScriptSource {
  /// The source of the script `name`. A script that does not exist answers an error when it is called; a test calls each.
  static func bytes(_ name: String) -> [UInt8] {
    guard let text = asset(name) else { return Array("#!lua\nreturn redis.error_reply('ERR no script \(name)')".utf8) }
    var source: [UInt8] = []
    source.reserveCapacity(12 * 1024)
    for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if line.starts(with: include) {
        let part = String(decoding: line.dropFirst(include.count), as: UTF8.self)
        source.append(contentsOf: asset("parts/" + part) ?? Array("error('no part')\n".utf8)[...])
      } else {
        source.append(contentsOf: line)
        source.append(UInt8(ascii: "\n"))
      }
    }
    return source
  }

  private static let include = Array("--@include ".utf8)

  private static func asset(_ name: String) -> ArraySlice<UInt8>? {
    let asset = wc_lua(name)
    guard let bytes = asset.bytes else { return nil }
    return Array(UnsafeBufferPointer(start: bytes, count: asset.count))[...]
  }
}
