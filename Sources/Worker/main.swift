import Glibc
import Service
import Transport

// Before any thread exists, so that every thread blocks them and the loop alone reads them.
SignalSource.block(WorkerProgram.signals)
Machine.keepLittleMemory()

switch Launch.read(WorkerConfiguration.program, { WorkerConfiguration(&$0) }) {
case .end(let end):
  end.perform()
case .run(_, let details) where !details.operands.isEmpty:
  CircuitExport.run(details.operands).perform()
case .check(let configuration, let details):
  EventLoop.spawn { await WorkerProgram(configuration, details).check().perform() }
case .run(let configuration, let details):
  EventLoop.spawn { await WorkerProgram(configuration, details).run().perform() }
}
// The loop's thread does everything from here on, and ends the process.
while true { pause() }
