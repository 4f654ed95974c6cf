import Glibc
import JSONWire

/// The `test.*` kinds, for tests and benchmarks; registered only with TEST_KINDS=true.
enum TestHandlers {
  /// `test.noop`: any payload, an empty result.
  struct NoOperation: JobHandler {
    func run(_ job: Job, _ context: JobContext) throws(JobFailure) -> [UInt8] { Array("{}".utf8) }
  }

  /// `test.sleep {ms}`: waits without using the processor, and without holding its thread.
  struct Sleep: JobHandler {
    func run(_ job: Job, _ context: JobContext) async throws(JobFailure) -> [UInt8] {
      let ms = try job.fields { $0.int("ms", in: 0...86_400_000) }
      do { try await Task.sleep(for: .milliseconds(ms)) } catch { throw .stopped }
      return Array("{}".utf8)
    }
  }

  /// `test.spin {ms}`: keeps its thread busy and never yields.
  struct Spin: JobHandler {
    func run(_ job: Job, _ context: JobContext) throws(JobFailure) -> [UInt8] {
      let ms = try job.fields { $0.int("ms", in: 0...86_400_000) }
      let end = ContinuousClock.now.advanced(by: .milliseconds(ms))
      while ContinuousClock.now < end { try context.checkStop() }
      return Array("{}".utf8)
    }
  }

  /// `test.fail {message, times?}`: fails its first `times` attempts, all of them without `times`.
  struct Fail: JobHandler {
    func run(_ job: Job, _ context: JobContext) throws(JobFailure) -> [UInt8] {
      let (message, times) = try job.fields {
        ($0.string("message", length: 0...1000), $0.optionalInt("times", in: 0...1000))
      }
      if let times, job.attempt > times { return Array("{}".utf8) }
      throw .retryable(code: "test_failure", message)
    }
  }

  /// `test.crash`: ends the worker as kill -9 would.
  struct Crash: JobHandler {
    func run(_ job: Job, _ context: JobContext) throws(JobFailure) -> [UInt8] {
      kill(getpid(), SIGKILL)
      throw .retryable(code: "still_alive", "SIGKILL to the own process had no effect")
    }
  }
}
