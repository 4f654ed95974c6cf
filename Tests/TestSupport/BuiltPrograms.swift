import Foundation
import Glibc

/// Where the built programs are.
public enum BuiltPrograms {
  /// The folder: the environment's WC_BIN_DIR, else the folder of the test bundle (a debug build).
  public static var folder: String {
    if let given = ProcessInfo.processInfo.environment["WC_BIN_DIR"], !given.isEmpty { return given }
    var path = [UInt8](repeating: 0, count: 4096)
    let length = path.withUnsafeMutableBytes {
      readlink("/proc/self/exe", $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
    }
    let executable = String(decoding: path[..<max(0, length)], as: UTF8.self)
    return URL(fileURLWithPath: executable).deletingLastPathComponent().path
  }

  /// The path of `producer`.
  public static var producer: String { get throws { try path(of: "producer") } }
  /// The path of `worker`.
  public static var worker: String { get throws { try path(of: "worker") } }

  /// The path of the program `name`.
  ///
  /// - Throws: when it is not built.
  public static func path(of name: String) throws -> String {
    let path = "\(folder)/\(name)"
    guard access(path, X_OK) == 0 else {
      throw SupportError("\(path) is not built: swift build --product \(name), or set WC_BIN_DIR")
    }
    return path
  }
}
