public import RedisWire
internal import Sealing

extension RedisScript {
  /// The embedded script of a file in `CAssets/lua`, for modules above that have scripts of their own.
  ///
  /// A name that no file has gives a script that answers an error.
  public convenience init(embedded name: String) {
    let source = ScriptSource.bytes(name)
    self.init(name: name, source: source, sha1: Self.digest(of: source))
  }

  /// Nil when the library fails; the client then learns the digest from SCRIPT LOAD.
  private static func digest(of source: [UInt8]) -> String? {
    do throws(SealingError) {
      return Hex.string(try Digest.sha1.hash(source))
    } catch {
      return nil
    }
  }
}
