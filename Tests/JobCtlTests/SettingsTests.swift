import JSONWire
import Service
import TestSupport
import Testing
import Transport

@testable import JobCtl

@Suite("What jobctl is told")
struct SettingsTests {
  private func invocation(_ words: String..., environment: [String: String] = [:]) throws -> Invocation {
    try Invocation(words, environment: environment)
  }

  @Test(
    "an address is a host with or without a port",
    arguments: [
      ("http://localhost:4000", "localhost", 4000), ("http://api.example/", "api.example", 80),
      ("http://[::1]:81", "::1", 81), ("https://api.example", "api.example", 443),
    ])
  func address(_ url: String, host: String, port: Int) throws {
    let settings = try invocation("queues", "--api", url).settings
    #expect(settings.endpoint == .tcp(host: host, port: port))
    #expect((settings.authorities != nil) == url.hasPrefix("https"))
  }

  @Test(
    "anything else is refused, without a password in it",
    arguments: ["", "localhost:4000", "http://a/b", "ftp://a", "http://u:sesame@a"])
  func strangeAddress(_ url: String) throws {
    let end = #expect(throws: ProgramEnd.self) { try invocation("queues", "--api", url) }
    #expect(end?.code == .usage && end?.errors.contains("sesame") == false)
  }

  @Test("authorities are those of a file that can be read, and make no sense without TLS")
  func authorities() throws {
    let absent = #expect(throws: ProgramEnd.self) { try invocation("queues", "--api=https://a", "--ca-file=/nothing") }
    #expect(absent?.code == .configuration && absent?.errors.contains("/nothing") == true)
    let environment = ["WHISPERCACHE_CA_FILE": "/nothing"]
    let variable = #expect(throws: ProgramEnd.self) {
      try invocation("queues", "--api=https://a", environment: environment)
    }
    #expect(variable?.errors.contains("WHISPERCACHE_CA_FILE") == true)
    #expect(try invocation("queues", environment: environment).settings.authorities == nil)
    #expect(#expect(throws: ProgramEnd.self) { try invocation("queues", "--ca-file=/nothing") }?.code == .usage)
  }

  @Test("an option wins over the environment, the environment over the default")
  func precedence() throws {
    let environment = ["WHISPERCACHE_API": "http://two:2"]
    #expect(try invocation("queues").settings.endpoint == .tcp(host: "localhost", port: 4000))
    #expect(try invocation("queues", environment: environment).settings.endpoint == .tcp(host: "two", port: 2))
    #expect(
      try invocation("queues", "--api", "http://one:1", environment: environment).settings.endpoint
        == .tcp(host: "one", port: 1))
    #expect(#expect(throws: ProgramEnd.self) { try invocation("queues", "--api=x") }?.code == .usage)
    let bad = #expect(throws: ProgramEnd.self) {
      try invocation("queues", environment: ["WHISPERCACHE_API": "x"])
    }
    #expect(bad?.code == .configuration && bad?.errors.contains("WHISPERCACHE_API") == true)
  }

  @Test("options stand anywhere, with = or a blank, and -- ends them")
  func options() throws {
    let arguments = try invocation("enqueue", "--kind=a.b", "{}", "--priority", "high", "--json").arguments
    #expect(arguments.operands == ["{}"] && arguments["kind"] == "a.b" && arguments["priority"] == "high")
    #expect(arguments.has("json") && !arguments.has("watch"))
    #expect(try invocation("get", "--", "--id").arguments.operands == ["--id"])
  }

  @Test(
    "what is wrong ends with exit code 2 and says so",
    arguments: [
      ["nothing"], ["get"], ["get", "a", "b"], ["get", "a", "--kind", "k"], ["queues", "--watch=1"],
      ["jobs", "--limit"],
      ["queues", "--timeout", "5"], ["queues", "--timeout", "0s"], [],
    ])
  func usage(_ words: [String]) {
    let end = #expect(throws: ProgramEnd.self) { try Invocation(words, environment: [:]) }
    #expect(end?.code == .usage && end?.errors.isEmpty == false)
  }

  @Test("each command has help with an example of its own", arguments: Command.all.map(\.name))
  func help(_ name: String) throws {
    let end = #expect(throws: ProgramEnd.self) { try invocation(name, "--help") }
    #expect(end?.code == .success && end?.output.contains("jobctl \(name)") == true)
    #expect(end?.output.contains("Examples:\n  jobctl \(name)") == true && end?.output.contains("--api URL") == true)
    #expect(Help.all.contains("  \(name)"))
  }

  @Test("a token is the first line of its file, and nothing that could end a header")
  func token() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/token"
    try FileBytes.replace(path, with: Array("abc.def\n".utf8))
    #expect(try invocation("queues", "--token-file", path).settings.token == "abc.def")
    for content in ["", "\n", "a b", "a\u{7F}"] {
      try FileBytes.replace(path, with: Array(content.utf8))
      let end = #expect(throws: ProgramEnd.self) { try invocation("queues", "--token-file", path) }
      #expect(end?.code == .configuration && end?.errors.contains("a b") == false)
    }
    #expect(
      #expect(throws: ProgramEnd.self) { try invocation("queues", "--token-file", "\(path).none") }?.code
        == .configuration)
  }

  @Test("a payload is an argument or a file; what is no JSON is not shown")
  func payload() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/payload"
    try FileBytes.replace(path, with: Array(#" {"n":12345678901234567890} "#.utf8))
    #expect(
      String(decoding: try PayloadSource.read("@\(path)").rawBytes, as: UTF8.self) == #"{"n":12345678901234567890}"#)
    #expect(try PayloadSource.read("[1]").kind == .array)
    let end = #expect(throws: ProgramEnd.self) { try PayloadSource.read("canary") }
    #expect(end?.code == .usage && end?.errors.contains("canary") == false)
    #expect(#expect(throws: ProgramEnd.self) { try PayloadSource.read("@\(path).none") }?.code == .usage)
  }

  @Test("columns line up, and no cell steers a terminal")
  func table() throws {
    #expect(TextTable.text([["a", "bb"], ["ccc", "d"]]) == "a    bb\nccc  d\n")
    let value = try JSONDocument(#"{"a":"x\u001b[2Jy","b":null,"c":[1]}"#).root
    #expect(TextTable.cell(value["a"]) == "x [2Jy" && TextTable.cell(value["b"]) == "-")
    #expect(TextTable.cell(value["c"]) == "[1]" && TextTable.cell(nil) == "-")
  }

  @Test("what goes into a path or query is percent-encoded")
  func encoding() throws {
    #expect(PathText.encoded("a/b?c d~é") == "a%2Fb%3Fc%20d~%C3%A9")
    let arguments = try invocation("jobs", "--kind", "a&b", "--queue", "q").arguments
    #expect(PathText.query("/x", arguments, ["queue", "state", "kind"]) == "/x?queue=q&kind=a%26b")
    #expect(PathText.query("/x", arguments, ["state"]) == "/x")
  }

  @Test("it says which one it is, with the commit of its image")
  func version() throws {
    let end = try #require(
      #expect(throws: ProgramEnd.self) { try Invocation(["--version"], environment: ["WC_COMMIT": "abc\u{1B}1"]) })
    #expect(end.code == .success && end.output.hasPrefix("jobctl \(BuildInfo.version) (commit abc"), "\(end)")
    #expect(!end.output.contains("\u{1B}"))
  }
}
