/// A date as HTTP writes it: IMF-fixdate, always 29 bytes (RFC 9110 section 5.6.7).
public enum HTTPDate {
  /// Writes `seconds` since 1970 (UTC), for example `Sun, 06 Nov 1994 08:49:37 GMT`.
  ///
  /// Years outside 1970...9999 are held at the nearer end. Civil date after Hinnant's days-from-civil algorithm.
  public static func bytes(unixSeconds seconds: Int64) -> [UInt8] {
    let clamped = min(max(seconds, 0), 253_402_300_799)
    let days = clamped / 86_400
    let second = Int(clamped % 86_400)
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    let month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
    let year = Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0))

    var out: [UInt8] = []
    out.reserveCapacity(29)
    func append(_ text: StaticString, _ index: Int) {
      for offset in 0..<3 { out.append(text.utf8Start[index * 3 + offset]) }
    }
    func append(_ number: Int) {
      out.append(UInt8(48 + number / 10 % 10))
      out.append(UInt8(48 + number % 10))
    }
    append("SunMonTueWedThuFriSat", Int((days + 4) % 7))
    out.append(ASCII.comma)
    out.append(ASCII.space)
    append(day)
    out.append(ASCII.space)
    append("JanFebMarAprMayJunJulAugSepOctNovDec", month - 1)
    out.append(ASCII.space)
    append(year / 100)
    append(year % 100)
    out.append(ASCII.space)
    append(second / 3_600)
    out.append(ASCII.colon)
    append(second / 60 % 60)
    out.append(ASCII.colon)
    append(second % 60)
    out.append(ASCII.space)
    append("GMT", 0)
    return out
  }
}
