import Glibc
import Service
import Transport

do throws(ProgramEnd) {
  let environment: [String: String]
  do throws(FileBytes.Failure) {
    environment = try Environment.current()
  } catch {
    throw ProgramEnd(.configuration, errors: "jobctl: the environment cannot be read from /proc: \(error)\n")
  }
  let invocation = try Invocation(Array(CommandLine.arguments.dropFirst()), environment: environment)
  if invocation.command.heedsSignals { SignalSource.block([SIGINT, SIGTERM]) }
  EventLoop.spawn { await invocation.run().perform() }
} catch {
  error.perform()
}
// The loop's thread does everything from here on, and ends the process.
while true { pause() }
