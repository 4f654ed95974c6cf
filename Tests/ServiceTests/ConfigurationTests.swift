import Service
import Testing

@Suite("Configuration")
struct ConfigurationTests {
  @Test("nothing set gives the defaults")
  func defaults() throws {
    let settings = try #require(Sample.launch().settings)
    #expect(settings.environment == "production" && settings.port == 4000 && settings.metricsPort == 9090)
    #expect(settings.redis == "redis://localhost:6379/0" && settings.lease == .seconds(15))
    #expect(settings.payload == 1_048_576 && settings.metrics && settings.format == .json)
    #expect(settings.origins == ["localhost"] && settings.rate == nil && settings.memory == nil)
    #expect(settings.key == nil && settings.certificate == nil && settings.name == nil)
    #expect(Sample.launch().details?.notices == [])
  }

  @Test("the environment wins over the default, a flag over the environment, in both spellings")
  func precedence() {
    #expect(Sample.launch([], ["PORT": "1"]).settings?.port == 1)
    #expect(Sample.launch(["--port", "2"], ["PORT": "1"]).settings?.port == 2)
    #expect(Sample.launch(["--port=3"], ["PORT": "1"]).settings?.port == 3)
    #expect(Sample.launch(["--port=3", "--port", "4"]).settings?.port == 4)
    #expect(Sample.launch(["--redis-url", "redis://r"], ["REDIS_URL": "no"]).settings?.redis == "redis://r")
  }

  @Test("an empty variable counts as not set")
  func emptyVariable() {
    #expect(Sample.launch([], ["PORT": "", "ENCRYPTION_KEY": "", "INSTANCE_ID": ""]).settings?.port == 4000)
  }

  @Test("every kind of value is read")
  func kinds() throws {
    let settings = try #require(
      Sample.launch(
        [
          "--lease", "500s", "--max-payload-bytes=512KiB", "--metrics-enabled", "no", "--log-format", "text",
          "--cors-origins", "https://a.example, https://b.example", "--rate-limit", "100/60s", "--max-rss", "1GiB",
          "--metrics-port", "off", "--instance-id", "-1", "--app-env", "development",
        ], ["TLS_CERT_FILE": "cert.pem"], files: ["cert.pem": "x"]
      ).settings)
    #expect(settings.lease == .seconds(500) && settings.payload == 524_288 && !settings.metrics)
    #expect(settings.format == .text && settings.origins == ["https://a.example", "https://b.example"])
    #expect(settings.rate == Rate(count: 100, period: .seconds(60)) && settings.memory == 1 << 30)
    #expect(settings.metricsPort == nil && settings.name == "-1" && settings.environment == "development")
    #expect(settings.certificate == "cert.pem")
  }

  @Test("a boolean flag alone means true and leaves the next word alone")
  func booleanFlags() {
    #expect(Sample.launch(["--metrics-enabled"], ["METRICS_ENABLED": "false"]).settings?.metrics == true)
    #expect(Sample.launch(["--metrics-enabled", "off"]).settings?.metrics == false)
    #expect(Sample.launch(["--metrics-enabled=0"]).settings?.metrics == false)
    let launch = Sample.launch(["--metrics-enabled", "queues"], operands: "COMMAND")
    #expect(launch.settings?.metrics == true)
    #expect(launch.details?.operands == ["queues"])
  }

  @Test("operands are handed on where the program takes some, all after --")
  func operands() {
    let launch = Sample.launch(["get", "--port", "1", "id", "-", "-5", "--", "--port"], operands: "COMMAND")
    #expect(launch.details?.operands == ["get", "id", "-", "-5", "--port"])
    #expect(launch.settings?.port == 1)
    #expect(Sample.launch(["stray"]).errors == [#"config: "stray" is not expected; settings are --flag value"#])
    #expect(Sample.launch(["stray"]).end?.code == .usage)
  }

  @Test("all problems are reported at once, each with name, value, what is expected and where it came from")
  func problems() {
    let launch = Sample.launch(
      ["--port", "65536", "--lease=15"],
      [
        "REDIS_URL": "redis:/localhost", "METRICS_ENABLED": "maybe", "LOG_FORMAT": "xml", "RATE_LIMIT": "100",
        "MAX_PAYLOAD_BYTES": "1.5MiB", "CORS_ORIGINS": "a,,b", "METRICS_PORT": "+1", "TLS_CERT_FILE": "none.pem",
        "NODE_ENV": "staging",
      ])
    #expect(launch.end?.code == .configuration)
    #expect(launch.end?.output == "")
    let sizes = "bytes as a whole number, or with KiB, MiB, GiB (kB, MB, GB for powers of 1000)"
    #expect(
      launch.errors == [
        #"config: APP_ENV="staging" is not valid: expected one of production, development (from environment)"#,
        #"config: PORT="65536" is not valid: expected a whole number, 0 to 65535 (from flag)"#,
        #"config: METRICS_PORT="+1" is not valid: expected a whole number, 0 to 65535, or off (from environment)"#,
        #"config: REDIS_URL="redis:/localhost" is not valid: expected redis://host[:port][/db] (from environment)"#,
        #"config: LEASE="15" is not valid: expected a whole number with ms, s, m, h or d (15s, 500ms), 1s to 1h (from flag)"#,
        #"config: MAX_PAYLOAD_BYTES="1.5MiB" is not valid: expected \#(sizes), 1 to 1GiB (from environment)"#,
        #"config: METRICS_ENABLED="maybe" is not valid: expected true or false (from environment)"#,
        #"config: LOG_FORMAT="xml" is not valid: expected one of json, text, auto (from environment)"#,
        #"config: CORS_ORIGINS="a,,b" is not valid: expected a list with commas, without empty entries (from environment)"#,
        #"config: RATE_LIMIT="100" is not valid: expected a count and a duration (100/60s), or off (from environment)"#,
        #"config: TLS_CERT_FILE="none.pem" is not valid: expected the path of a file that can be read (from environment)"#,
        "config: NODE_ENV is read as APP_ENV",
      ])
  }

  @Test("off is a value where it may be, a number out of range is not", arguments: ["65536", "-1", "Off", "1 ", "0x1"])
  func offOrNumber(text: String) {
    #expect(Sample.launch([], ["METRICS_PORT": text]).errors.count == 1)
    #expect(Sample.launch([], ["METRICS_PORT": "off"]).settings.map { $0.metricsPort == nil } == true)
    #expect(Sample.launch([], ["RATE_LIMIT": "off"]).settings.map { $0.rate == nil } == true)
  }

  @Test("problems between settings are reported as problems of one")
  func between() {
    #expect(
      Sample.launch([], ["PORT": "9090"]).errors
        == [#"config: METRICS_PORT="9090" is not valid: expected another port than PORT (from default)"#])
    #expect(
      Sample.launch([], ["MAX_RSS": "1"]).errors
        == ["config: ENCRYPTION_KEY is missing: production; set ENCRYPTION_KEY or ENCRYPTION_KEY_FILE"])
  }

  @Test("optional and free forms are read, with their bounds")
  func otherForms() {
    struct Others: Equatable {
      var pause: Duration?
      var room: Int?
      var weights: [Int]?
      var tries: Int?
    }
    func read(_ environment: [String: String]) -> Launch<Others> {
      Launch.read(Sample.program, arguments: [], environment: environment) { reader in
        Others(
          pause: reader.optionalDuration("PAUSE_TIME", "pause", in: .seconds(1)...(.seconds(60))),
          room: reader.optionalByteSize("ROOM_BYTES", "room", in: 1024...(1 << 20)),
          weights: reader.value("WEIGHTS", "weights", default: "1:2", expected: "numbers with colons") { text in
            let parts = text.split(separator: ":").map { Int($0) }
            return parts.contains(nil) ? nil : parts.compactMap { $0 }
          },
          tries: reader.optionalInt("TRIES", "tries", in: 1...3))
      }
    }
    #expect(read([:]).settings == Others(weights: [1, 2]))
    #expect(
      read(["PAUSE_TIME": "5s", "ROOM_BYTES": "2KiB", "WEIGHTS": "3", "TRIES": "2"]).settings
        == Others(pause: .seconds(5), room: 2048, weights: [3], tries: 2))
    #expect(
      read(["PAUSE_TIME": "5m", "ROOM_BYTES": "1B", "WEIGHTS": "x", "TRIES": "4"]).errors == [
        #"config: PAUSE_TIME="5m" is not valid: expected \#(DurationText.expected), 1s to 1m (from environment)"#,
        #"config: ROOM_BYTES="1B" is not valid: expected \#(ByteSizeText.expected), 1KiB to 1MiB (from environment)"#,
        #"config: WEIGHTS="x" is not valid: expected numbers with colons (from environment)"#,
        #"config: TRIES="4" is not valid: expected a whole number, 1 to 3 (from environment)"#,
      ])
  }

  @Test("a flag without a value is a problem that says what it expects")
  func valuelessFlag() {
    for arguments in [["--port"], ["--port", "--metrics-enabled"]] {
      #expect(
        Sample.launch(arguments).errors == ["config: --port needs a value: expected a whole number, 0 to 65535"])
    }
  }

  @Test("an unknown flag is a usage error with a suggestion, and its value is not repeated")
  func unknownFlags() {
    let launch = Sample.launch(["--prot", "CANARY", "--nonsense=CANARY", "-x"])
    #expect(launch.end?.code == .usage)
    #expect(
      launch.errors == [
        "config: --prot is not known; did you mean --port?", "config: --nonsense is not known; see --help",
        "config: -x is not known; see --help",
      ])
    let both = Sample.launch(["--prot", "1", "--lease", "x"])
    #expect(both.end?.code == .configuration)
    #expect(both.errors.count == 2)
  }

  @Test("a misspelt variable is noticed, others of the system are not")
  func nearNames() {
    let notices = Sample.launch(
      [],
      [
        "REDIS_ULR": "x", "PROT": "1", "ENCRYPTION_KEY_FIEL": "x", "CONCURRENCY": "4", "HOST": "h", "PATH": "/bin",
        "HOME": "/", "TERM": "x", "PWD": "/", "LANG": "C", "SHLVL": "1", "USER": "u", "OLDPWD": "/",
      ]
    ).details?.notices
    #expect(
      notices == [
        "config: ENCRYPTION_KEY_FIEL is not known; did you mean ENCRYPTION_KEY_FILE?",
        "config: PROT is not known; did you mean PORT?", "config: REDIS_ULR is not known; did you mean REDIS_URL?",
      ])
  }

  @Test("retired variables are passed over with one line, without their values")
  func retired() {
    let notices = Sample.launch(
      [], ["VITE_API_URL": "CANARY", "DATABASE_PATH": "CANARY", "MIDNIGHT_API_KEY": "CANARY", "VITE_X": "1"]
    ).details?.notices
    #expect(
      notices == [
        "config: DATABASE_PATH, MIDNIGHT_API_KEY, VITE_API_URL, VITE_X: no meaning here, passed over (Redis is the only store)"
      ])
  }

  @Test("NODE_ENV stands in for APP_ENV, with a notice, unless both are set")
  func alias() {
    let launch = Sample.launch([], ["NODE_ENV": "development"])
    #expect(launch.settings?.environment == "development")
    #expect(launch.details?.notices == ["config: NODE_ENV is read as APP_ENV"])
    #expect(
      Sample.launch([], ["NODE_ENV": "development", "APP_ENV": "production"]).settings?.environment == "production")
  }

  @Test("a value with line breaks stays on its line, and a long one is cut")
  func hostileValues() {
    let launch = Sample.launch(
      [], ["PORT": "1\nconfig: \u{1B}[31mforged", "LEASE": String(repeating: "9", count: 5000)])
    #expect(launch.errors.count == 2)
    #expect(launch.errors.first?.contains(#"1\u{a}config: \u{1b}[31mforged"#) == true)
    #expect(launch.errors.allSatisfy { $0.utf8.count < 400 })
  }

  @Test("--check asks for a check, and wrong settings end before it")
  func check() {
    guard case .check(let settings, _) = Sample.launch(["--check", "--port", "5"]) else {
      Issue.record("expected a check")
      return
    }
    #expect(settings.port == 5)
    #expect(Sample.launch(["--check", "--port", "x"]).end?.code == .configuration)
  }

  @Test("--help shows every setting with flag, variable, meaning and default, whatever else is wrong")
  func help() throws {
    let end = try #require(Sample.launch(["--port", "x", "--what", "-h"]).end)
    #expect(end.code == .success && end.errors == "")
    #expect(end.output.hasPrefix("sample: shows all\n\nUsage: sample [--flag value]...\n"))
    #expect(
      end.output.contains("  --port                 PORT                   HTTP port; 0 takes a free one [4000]\n"))
    #expect(end.output.contains("\nWork:\n  --lease                LEASE                  right to run a job [15s]\n"))
    #expect(end.output.contains("  --encryption-key-file  ENCRYPTION_KEY[_FILE]  seals memories\n"))
    #expect(end.output.contains("\nExamples:\n  sample --port 8080\n      listens on 8080\n"))
    for flag in ["--check", "--print-config", "--help", "--version"] { #expect(end.output.contains("  \(flag) ")) }
  }

  @Test("--version names version, commit and Swift")
  func version() {
    let end = Sample.launch(["--version"], ["WC_COMMIT": "abc1234"]).end
    #expect(end?.output == "sample \(BuildInfo.version) (commit abc1234, Swift \(BuildInfo.swiftVersion))\n")
    #expect(Sample.launch(["--version"]).end?.output.contains("commit unknown") == true)
  }

  @Test("--print-config shows values and origins; secrets and passwords are left out")
  func printConfig() throws {
    let end = try #require(
      Sample.launch(
        ["--print-config", "--port", "1"],
        ["REDIS_URL": "redis://user:CANARY@host:1/0?password=CANARY", "ENCRYPTION_KEY": "CANARY", "LEASE": "20s"]
      ).end)
    #expect(end.code == .success)
    let lines = end.output.split(separator: "\n").map(String.init)
    #expect(lines.contains("PORT=1  (flag)") && lines.contains("LEASE=20s  (environment)"))
    #expect(lines.contains("MAX_PAYLOAD_BYTES=1MiB  (default)") && lines.contains("MAX_RSS  (not set)"))
    #expect(lines.contains("REDIS_URL=redis://***@host:1/0?***  (environment)"))
    #expect(lines.contains("ENCRYPTION_KEY=[redacted]  (environment)"))
    #expect(!end.output.contains("CANARY"))
  }

  @Test("the password of a malformed URL is not shown either")
  func malformedURL() {
    for url in ["rediss:/user:CANARY@host", "user:CANARY@host", "x://a:CANARY@b@host/0?x=CANARY"] {
      let errors = Sample.launch([], ["REDIS_URL": url]).errors
      #expect(errors.count == 1)
      #expect(errors.first?.contains("CANARY") == false)
    }
  }
}
