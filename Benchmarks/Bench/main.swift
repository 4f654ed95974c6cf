// One measurement a run, its figures as JSON on standard output; scripts/bench orders the runs and judges them.
do {
  let arguments = try Arguments(CommandLine.arguments.dropFirst())
  switch arguments.command {
  case "parser": try ParserBench.run(arguments)
  case "client": try ClientBench.run(arguments)
  case "serve": try ServeBench.run(arguments)
  case "enqueue": try EnqueueLoad.run(arguments)
  case "latency": try LatencyBench.run(arguments)
  case "crypto": try CryptoBench.run(arguments)
  case "proof-files": try ProofFiles.make(arguments)
  case "prove": try ProveBench.single(arguments)
  case "two-threads": try ProveBench.twoThreads(arguments)
  case "verify": try VerifyBench.single(arguments)
  case "verify-batch": try VerifyBench.batch(arguments)
  case "proof-arithmetic": try ProofArithmeticBench.run(arguments)
  case let other: throw BenchError("no measurement is named \(other): see Benchmarks/README.md")
  }
} catch {
  Report.fail(error)
}
