import JSONWire

/// Documents that RFC 8259 allows, used whole, in pieces and as seeds of mutations.
let acceptedDocuments: [String] = [
  "null", "true", "false", "0", "-0", "1", "-1", "10", "0.0", "-0.5", "1e1", "1E+2", "1e-2", "0e0", "1.5e300",
  "123456789012345678901234567890", "-9223372036854775808", "\"\"", "\"a\"", " \t\r\n1 \t\r\n",
  #""\"\\\/\b\f\n\r\t""#, #""\u0041\u00e9\u20AC\uD83D\uDE00""#, #""\u0000""#, "\"é€😀\u{10FFFF}\u{7FF}\u{800}\"",
  "\"\u{7F}\"",
  "[]", "[ ]", "[1]", "[1,2,3]", "[[],[[]]]", "[null,true,false,\"x\",{}]",
  "{}", "{ }", #"{"a":1}"#, #"{"a":{"b":[1,{"c":null}]},"d":"e"}"#, #"{"":""}"#, #"{"a":1,"A":2,"á":3,"a\u0301":4}"#,
  #"{ "kind" : "proof.policy" , "payload" : {"witness":{"content":"x","salt":"1"},"flags":[true,false]} }"#,
]

/// Documents that must be refused, with the code and the offset of the error.
let refusedDocuments: [(text: String, code: JSONError.Code, offset: Int)] = [
  ("", .truncated, 0), ("  ", .truncated, 2), ("nul", .truncated, 3), ("nulL", .unexpectedByte, 0),
  ("True", .unexpectedByte, 0), ("NaN", .unexpectedByte, 0), ("Infinity", .unexpectedByte, 0),
  ("-Infinity", .invalidNumber, 1),
  ("'a'", .unexpectedByte, 0), ("a", .unexpectedByte, 0), ("+1", .unexpectedByte, 0), (".5", .unexpectedByte, 0),
  ("01", .invalidNumber, 1), ("-01", .invalidNumber, 2), ("1.", .truncated, 2), ("1.e1", .invalidNumber, 2),
  ("1e", .truncated, 2), ("1e+", .truncated, 3), ("-", .truncated, 1), ("-a", .invalidNumber, 1),
  ("0x10", .trailingContent, 1),
  ("1 2", .trailingContent, 2), ("{}{}", .trailingContent, 2), ("[]]", .trailingContent, 2),
  ("null\0", .trailingContent, 4),
  ("[1,]", .unexpectedByte, 3), ("[,1]", .unexpectedByte, 1), ("[1 2]", .unexpectedByte, 3), ("[1", .truncated, 2),
  ("[", .truncated, 1), ("[1}", .unexpectedByte, 2), ("[1,", .truncated, 3),
  ("{", .truncated, 1), ("{,}", .unexpectedByte, 1), (#"{"a"}"#, .unexpectedByte, 4), (#"{"a":}"#, .unexpectedByte, 5),
  (#"{"a":1,}"#, .unexpectedByte, 7), (#"{"a":1]"#, .unexpectedByte, 6), (#"{a:1}"#, .unexpectedByte, 1),
  (#"{1:1}"#, .unexpectedByte, 1),
  (#"{"a":1"#, .truncated, 6), (#"{"a""#, .truncated, 4), (#"{"a":"#, .truncated, 5),
  (#"{"a":1 "b":2}"#, .unexpectedByte, 7),
  ("\"", .truncated, 1), ("\"a", .truncated, 2), ("\"\\", .truncated, 1), (#""\x41""#, .invalidEscape, 1),
  (#""\u12""#, .invalidEscape, 1), (#""\u12G4""#, .invalidEscape, 1), (#""\U0041""#, .invalidEscape, 1),
  (#""\uD800""#, .invalidEscape, 1), (#""\uD800x""#, .invalidEscape, 1), (#""\uD800\n""#, .invalidEscape, 1),
  (#""\uD800\uD800""#, .invalidEscape, 1), (#""\uDC00""#, .invalidEscape, 1), (#""\uD800\u0041""#, .invalidEscape, 1),
  ("\"a\nb\"", .controlCharacter, 2), ("\"\0\"", .controlCharacter, 1), ("\"\t\"", .controlCharacter, 1),
  ("\u{FEFF}1", .byteOrderMark, 0), ("/* */1", .unexpectedByte, 0), ("// x\n1", .unexpectedByte, 0),
  ("\u{A0}1", .unexpectedByte, 0),
  (#"{"a":1,"a":2}"#, .duplicateName, 7), (#"{"a":1,"\u0061":2}"#, .duplicateName, 7),
  (#"{"é":1,"\u00e9":2}"#, .duplicateName, 8),
  (#"{"x":{"a":{},"b":[1,2],"a":3}}"#, .duplicateName, 23),
]
