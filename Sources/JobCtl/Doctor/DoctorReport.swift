import JSONWire
import Jobs
import Service

/// What the doctor found, and what is left.
struct DoctorReport: Sendable {
  var findings: [Finding] = []
  var left: [Finding] = []
  var isRepair = false
  var isComplete = true

  private static let mostLines = 200

  /// How the program ends.
  func end(isJSON: Bool) -> ProgramEnd {
    ProgramEnd(left.isEmpty && isComplete ? .success : .failure, output: isJSON ? json : text)
  }

  private var text: String {
    guard !findings.isEmpty else { return "nothing is wrong\n" }
    var lines = ""
    let shown = isRepair ? findings : left
    for finding in shown.prefix(Self.mostLines) {
      lines += "\(finding.flaw.code.rawValue)  \(Self.printable(finding))\n"
      lines += "  \(finding.flaw.code.meaning); "
      if left.contains(finding) {
        lines += finding.flaw.code.remedy.map { "--repair: \($0)\n" } ?? "--repair leaves it: look for yourself\n"
      } else {
        lines += "mended: \(finding.flaw.code.remedy ?? "")\n"
      }
    }
    if shown.count > Self.mostLines { lines += "... and \(shown.count - Self.mostLines) more (--json lists all)\n" }
    lines += "\(findings.count) found, \(max(0, findings.count - left.count)) mended, \(left.count) left\n"
    if !isComplete { lines += "there was more than one look holds; mend these and look again\n" }
    return lines
  }

  private var json: String {
    let left = Set(self.left)
    var writer = JSONWriter()
    writer.object { writer in
      writer.array("findings") { writer in
        for finding in findings {
          writer.object { writer in
            writer.field("code", finding.flaw.code.rawValue)
            writer.field("key", finding.key)
            if let member = finding.member { writer.field("member", member) }
            if !finding.flaw.detail.isEmpty { writer.field("detail", finding.flaw.detail) }
            writer.field("meaning", finding.flaw.code.meaning)
            if let remedy = finding.flaw.code.remedy { writer.field("remedy", remedy) }
            writer.field("mended", !left.contains(finding))
          }
        }
      }
      writer.field("found", findings.count)
      writer.field("mended", max(0, findings.count - left.count))
      writer.field("left", left.count)
      writer.field("complete", isComplete)
    }
    return String(decoding: writer.bytes, as: UTF8.self) + "\n"
  }

  /// Key and member, without what could steer a terminal.
  private static func printable(_ finding: Finding) -> String {
    TextTable.plain(finding.key + (finding.member.map { " \($0)" } ?? ""))
  }
}
