import JSONWire

/// Which queue a job goes to, as far as a look at it says.
enum QueueOfJob {
  /// The queue that it names, or its kind's first word; nil when it says neither.
  static func name(_ job: [UInt8]) -> String? {
    do throws(JSONError) {
      let root = try JSONDocument(job, limits: JSONLimits(bytes: .max)).root
      if let queue = root["queue"]?.asString { return queue }
      return root["kind"]?.asString.map { String($0.prefix { $0 != "." }) }
    } catch {
      return nil
    }
  }
}
