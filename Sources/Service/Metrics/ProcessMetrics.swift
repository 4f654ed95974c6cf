/// The metrics of the process: `process_*`, and the names that dashboards of the operations guide know.
public enum ProcessMetrics {
  /// Adds them to a registry; they are read at each scrape, all at once, and left out when /proc is not to be read.
  public static func register(on registry: MetricsRegistry) {
    registry.add("process_") { writer in
      guard let now = ProcessStatistics.read() else { return }
      let one = { (name: String, kind: MetricKind, help: String, value: Double, writer: inout MetricsWriter) in
        writer.head(name, kind, help: help)
        writer.sample(name, labels: [], [], value)
      }
      one("process_cpu_seconds_total", .counter, "CPU time used, user and system.", now.cpuSeconds, &writer)
      one("process_max_fds", .gauge, "File descriptors that may be open.", Double(now.mostFiles), &writer)
      one("process_open_fds", .gauge, "File descriptors that are open.", Double(now.openFiles), &writer)
      one("process_resident_memory_bytes", .gauge, "Resident memory.", Double(now.residentBytes), &writer)
      one("process_start_time_seconds", .gauge, "Start, in Unix time.", now.startSeconds, &writer)
      one("process_threads", .gauge, "Threads.", Double(now.threads), &writer)
      one("process_virtual_memory_bytes", .gauge, "Virtual memory.", Double(now.virtualBytes), &writer)
    }
  }

  /// Adds the names of the operations guide: `memory_heap_used_mb`, `memory_heap_total_mb`, `memory_rss_mb`,
  /// `uptime_seconds`; a megabyte is 1048576 bytes.
  public static func registerOperationsGuideNames(on registry: MetricsRegistry) {
    let megabyte = 1_048_576.0
    let readings: [(name: String, help: String, read: @Sendable (ProcessStatistics) -> Double)] = [
      ("memory_heap_used_mb", "Heap in use, MiB.", { Double($0.heapUsedBytes) / megabyte }),
      ("memory_heap_total_mb", "Heap taken from the system, MiB.", { Double($0.heapTotalBytes) / megabyte }),
      ("memory_rss_mb", "Resident memory, MiB.", { Double($0.residentBytes) / megabyte }),
      ("uptime_seconds", "Time since the start.", { $0.uptimeSeconds }),
    ]
    for reading in readings {
      registry.gauge(reading.name, help: reading.help) {
        ProcessStatistics.read().map { [MetricSample([], reading.read($0))] } ?? []
      }
    }
  }
}
