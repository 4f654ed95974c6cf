/// A command with its arguments, encoded as it grows.
///
/// The name and the arguments lie in one array of RESP bulk strings; the `*n` in front of them is written when the
/// command goes out, which is when n is known.
public struct RedisCommand: Sendable {
  /// The command's name, for errors, logs and metrics.
  public let name: StaticString
  /// The script that the command runs, which goes out as `EVALSHA`, or nil.
  public let script: RedisScript?
  /// How many bulk strings `body` has.
  public private(set) var argumentCount: Int
  /// The arguments as bulk strings; the name is among them unless the command runs a script.
  private(set) var body: [UInt8]

  /// Room for the arguments of nearly every command, so that it is allocated once.
  private static let usualCapacity = 256

  /// Makes a command from its name and its first arguments.
  public init(_ name: StaticString, _ arguments: String...) {
    self.name = name
    script = nil
    argumentCount = 0
    body = []
    body.reserveCapacity(Self.usualCapacity)
    append(name)
    for argument in arguments {
      append(argument)
    }
  }

  /// Makes the call of a script; append its arguments. The client loads the script where the server lacks it.
  ///
  /// - Redis: `EVALSHA`, with `SCRIPT LOAD` and a repetition after `NOSCRIPT`.
  public init(_ script: RedisScript, keys: [String]) {
    name = "EVALSHA"
    self.script = script
    argumentCount = 0
    body = []
    body.reserveCapacity(Self.usualCapacity)
    append(keys.count)
    for key in keys {
      append(key)
    }
  }

  /// Appends an argument.
  public mutating func append(_ argument: [UInt8]) {
    argument.withUnsafeBytes { append($0) }
  }

  /// Appends an argument.
  public mutating func append(_ argument: ArraySlice<UInt8>) {
    argument.withUnsafeBytes { append($0) }
  }

  /// Appends an argument as its UTF-8.
  public mutating func append(_ argument: String) {
    var argument = argument
    argument.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// Appends an argument.
  public mutating func append(_ argument: StaticString) {
    argument.withUTF8Buffer { append(UnsafeRawBufferPointer($0)) }
  }

  /// Appends an argument in decimal.
  public mutating func append(_ argument: Int) {
    append(Int64(argument))
  }

  /// Appends an argument in decimal.
  public mutating func append(_ argument: Int64) {
    argumentCount += 1
    body.append(addingCapacity: RESPEncoding.headCount + RESPEncoding.bulkOverhead) { output in
      RESPEncoding.appendHead(UInt8(ascii: "$"), RESPEncoding.decimalCount(argument), to: &output)
      RESPEncoding.append(decimal: argument, to: &output)
      RESPEncoding.appendLineEnd(to: &output)
    }
  }

  /// Appends an argument from memory that lives during the call.
  public mutating func append(_ argument: UnsafeRawBufferPointer) {
    argumentCount += 1
    body.append(addingCapacity: argument.count + RESPEncoding.bulkOverhead) { output in
      RESPEncoding.appendBulk(argument, to: &output)
    }
  }
}
