internal import Service

/// The time zones of a machine: the files of `/usr/share/zoneinfo`, by the names of the IANA database.
///
/// Reading blocks; it is not for the event loop.
public struct ZoneFolder: Sendable {
  /// Why there is no such zone here.
  public struct Unknown: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was looked for, and what to do.
    public let description: String
  }

  /// Where distributions keep them.
  public static let system = ZoneFolder("/usr/share/zoneinfo")

  private let path: String

  /// The zones of a folder.
  public init(_ path: String) { self.path = path }

  /// Whether a text may name a zone: 1 to 64 of `A-Z a-z 0-9 _ + -` in parts between slashes, none of them empty.
  ///
  /// A name that passes cannot lead out of the folder: it has no dot.
  public static func isName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty && part.utf8.allSatisfy { isNameByte($0) }
      }
  }

  /// Reads a zone; `UTC` is known without a file.
  public func read(_ name: String) throws(Unknown) -> TimeZoneFile {
    guard Self.isName(name) else { throw Unknown(description: "expected a name such as Europe/Berlin or UTC") }
    if name == "UTC" { return .utc }
    let bytes: [UInt8]
    do throws(FileBytes.Failure) {
      bytes = try FileBytes.read("\(path)/\(name)", limit: TimeZoneFile.mostBytes)
    } catch {
      throw Unknown(
        description: "this machine knows no time zone of this name; look for its spelling, or install tzdata")
    }
    do throws(TimeZoneFile.Malformed) {
      return try TimeZoneFile(bytes)
    } catch {
      throw Unknown(description: "what this machine has under this name is no time zone: \(error)")
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"): true
    default: false
    }
  }
}
