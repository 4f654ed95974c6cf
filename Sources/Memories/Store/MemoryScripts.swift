internal import Jobs
internal import RedisWire

/// The Lua scripts of memories; each one's contract is in its file.
enum MemoryScripts {
  static let names = RedisScript(embedded: "memory_names")
  static let read = RedisScript(embedded: "memory_read")
  static let scan = RedisScript(embedded: "memory_scan")
  static let store = RedisScript(embedded: "memory_store")
  static let forget = RedisScript(embedded: "memory_forget")
  static let forgetUser = RedisScript(embedded: "memory_forget_user")
}
