import Service
import Transport

/// `jobctl backfill`: many jobs from a file, whatever happens on the way.
enum BackfillCommand {
  static let backfill = Command(
    name: "backfill", operands: "FILE|-", operandCount: 1...1,
    summary: "put in the jobs of a file, one a line; can be stopped and resumed without losing or doubling any",
    options: BackfillOptions.options,
    examples: [
      "backfill jobs.ndjson --rejects refused.ndjson", "backfill jobs.ndjson --resume",
      "backfill hashes.csv --kind proof.anchor --dry-run",
      "backfill jobs.ndjson --rate 2000 --max-backlog 50000",
      "backfill jobs.ndjson --wait results.ndjson",
      "backfill - --checkpoint nightly.backfill --json <jobs.ndjson",
    ], heedsSignals: true
  ) { (call) throws(ProgramEnd) in
    let options = try BackfillOptions(call.arguments)
    if options.isDryRun { return try await DryRun.run(options, call) }
    return await (try BackfillRun(options, call)).run()
  }
}
