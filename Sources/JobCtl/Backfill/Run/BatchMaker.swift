import Sealing
import Service
import Transport

/// Reads the input and makes batches of it.
@EventLoop
final class BatchMaker {
  /// A batch is complete with this many bytes too.
  private static let mostBytes = 4 << 20
  /// A stream that is slow gives smaller batches: after this many nanoseconds a batch takes what is there.
  private static let longestGathering: Int64 = 250_000_000

  private let source: InputSource
  private let control: RunControl
  private let run: String
  private let batchJobs: Int
  private var reader: RecordReader
  private var number = 0
  private var hasEnded = false

  /// - Parameter run: the id of the run, from which the keys of its jobs are made.
  init(_ source: InputSource, _ reader: RecordReader, run: String, batchJobs: Int, _ control: RunControl) {
    self.source = source
    self.reader = reader
    self.run = run
    self.batchJobs = batchJobs
    self.control = control
  }

  /// The CSV heading as it stands in the input, once it is read.
  var heading: [UInt8] { reader.heading }

  /// The next batch; nil when the input is done, or when the run ends.
  ///
  /// - Throws: how the run fails when the input cannot be read.
  func next() async throws(ProgramEnd) -> Batch? {
    var lines: [Batch.Line] = []
    lines.reserveCapacity(batchJobs)
    var refused: [Rejection] = []
    var bytes = 0
    var deadline: Int64?
    while lines.count < batchJobs, refused.count < batchJobs, bytes < Self.mostBytes {
      guard let record = try await record(by: deadline) else { break }
      deadline = deadline ?? MonotonicClock.nowNanoseconds() + Self.longestGathering
      switch record.job {
      case .failure(let problem):
        refused.append(Rejection(record, problem))
      case .success(let job):
        let line = Batch.Line(number: record.line, text: record.text, job: try keyed(job, line: record.line))
        bytes += line.job.count
        lines.append(line)
      }
    }
    if control.isEnding || (lines.isEmpty && refused.isEmpty) { return nil }
    defer { number += 1 }
    return Batch(number: number, lines: lines, refused: refused, place: reader.place)
  }

  /// The next record; nil at the end, and when none has come by `deadline` of the monotonic clock.
  func record(by deadline: Int64? = nil) async throws(ProgramEnd) -> InputRecord? {
    do throws(RecordReader.Failure) {
      while !hasEnded {
        if let record = try reader.next() { return record }
        if let deadline, await !source.arrives(by: deadline) { return nil }
        guard let chunk = try await chunk() else {
          hasEnded = true
          return control.isEnding ? nil : try reader.finish()
        }
        reader.feed(chunk)
      }
      return try reader.finish()
    } catch {
      throw .failed(.failure, error.text)
    }
  }

  private func chunk() async throws(RecordReader.Failure) -> [UInt8]? {
    do throws(FileBytes.Failure) {
      return try await source.next { self.control.isEnding }
    } catch {
      throw .unreadable("\(error)")
    }
  }

  private func keyed(_ job: [UInt8], line: Int) throws(ProgramEnd) -> [UInt8] {
    do throws(SealingError) {
      return JobLine.keyed(job, key: try JobLine.key(run: run, line: line, job: job))
    } catch {
      throw .failed(.failure, "a hash cannot be computed: \(error)")
    }
  }
}

extension RecordReader.Failure {
  /// What happened, and what to do.
  var text: String {
    switch self {
    case .heading(let why): "the CSV heading cannot be used: \(why)"
    case .openQuote(let line):
      "a quote that is opened in the row of line \(line) is not closed within \(RecordReader.hopeless >> 20) MiB; close it, or"
        + " double it if it belongs to the text. What comes before that row is not affected."
    case .unreadable(let why): "the input cannot be read: \(why)"
    }
  }
}
