/// The line that shows how far a backfill is. Pure.
struct BackfillLine: Equatable {
  /// The share of the input that is done, 0 to 1; nil when nobody knows how long it is.
  var fraction: Double?
  /// Jobs that are in.
  var jobs = 0
  /// Jobs a second of late.
  var rate = 0.0
  /// Seconds until the end, as far as one can say.
  var eta: Double?
  /// Lines that were refused.
  var rejected = 0
  /// Results that were collected, and jobs that have none yet; nil when nobody waits for them.
  var results: (collected: Int, open: Int)?
  /// What it waits for; nil while it goes on.
  var note: String?

  static func == (left: BackfillLine, right: BackfillLine) -> Bool {
    left.text(width: 400) == right.text(width: 400)
  }

  private static let widestBar = 50
  private static let narrowestBar = 8

  /// The line in at most `width` columns, all ASCII: what matters least is left out first, and a bar takes what room is left.
  func text(width: Int, bar: Bool = true) -> String {
    var parts = parts
    while parts.count > 1, Self.joined(parts).count > width { parts.removeLast() }
    let words = String(Self.joined(parts).prefix(max(0, width)))
    guard let fraction, bar else { return words }
    let room = min(width - words.count - 3, Self.widestBar)
    guard room >= Self.narrowestBar else { return words }
    let filled = min(room, max(0, Int((fraction * Double(room)).rounded(.down))))
    let head = filled < room ? ">" : ""
    let drawn = String(repeating: "=", count: max(0, filled - (head.isEmpty ? 0 : 1))) + (filled > 0 ? head : "")
    return "[" + drawn + String(repeating: " ", count: room - drawn.count) + "] " + words
  }

  /// What it says, the most important first.
  private var parts: [String] {
    var parts: [String] = []
    if let fraction { parts.append("\(Int((min(max(fraction, 0), 1) * 100).rounded(.down)))%") }
    parts.append("\(Self.grouped(jobs)) jobs")
    parts.append("\(Self.grouped(Int(min(rate, 1e12).rounded())))/s")
    if let eta { parts.append("ETA \(Self.clock(eta))") }
    if rejected > 0 { parts.append("\(Self.grouped(rejected)) rejected") }
    if let results {
      parts.append("\(Self.grouped(results.collected)) results, \(Self.grouped(results.open)) open")
    }
    if let note { parts.append(Self.plain(note)) }
    return parts
  }

  private static func joined(_ parts: [String]) -> String { parts.joined(separator: "  ") }

  /// 1234567 as 1,234,567.
  static func grouped(_ number: Int) -> String {
    let digits = String(number)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, digit != "-", (digits.count - index) % 3 == 0, text != "-" { text += "," }
      text.append(digit)
    }
    return text
  }

  /// Seconds as 42s, 1m06s, 2h05m or 3d04h.
  static func clock(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 1e9).rounded(.up))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return switch whole {
    case ..<60: "\(whole)s"
    case ..<3600: "\(whole / 60)m\(two(whole % 60))s"
    case ..<86_400: "\(whole / 3600)h\(two(whole % 3600 / 60))m"
    default: "\(whole / 86_400)d\(two(whole % 86_400 / 3600))h"
    }
  }

  /// Nothing that could steer a terminal, and one column a character.
  private static func plain(_ text: String) -> String {
    String(text.unicodeScalars.map { $0.isASCII && $0.value >= 32 && $0.value < 127 ? Character($0) : "?" })
  }
}
