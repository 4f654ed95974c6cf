import Service
import TestSupport
import Testing

@Suite("Secrets")
struct SecretTests {
  @Test("a secret comes from its variable or from its file, less the last newline")
  func sources() {
    #expect(Sample.launch([], ["ENCRYPTION_KEY": "k1"]).settings?.key?.text == "k1")
    for (content, expected) in [("k2\n", "k2"), ("k2\r\n", "k2"), ("k2\n\n", "k2\n"), ("k2", "k2"), ("k\r", "k\r")] {
      let launch = Sample.launch([], ["ENCRYPTION_KEY_FILE": "f"], files: ["f": content])
      #expect(launch.settings?.key?.text == expected)
      #expect(launch.settings?.key?.untrimmedBytes == Array(content.utf8))
    }
    #expect(Sample.launch(["--encryption-key-file", "f"], files: ["f": "k3"]).settings?.key?.text == "k3")
  }

  @Test("the file flag wins over the file variable")
  func flagWins() {
    let launch = Sample.launch(
      ["--encryption-key-file=a"], ["ENCRYPTION_KEY_FILE": "b"], files: ["a": "from a", "b": "from b"])
    #expect(launch.settings?.key?.text == "from a")
  }

  @Test("variable and file together are a problem")
  func both() {
    let launch = Sample.launch([], ["ENCRYPTION_KEY": "CANARY", "ENCRYPTION_KEY_FILE": "f"], files: ["f": "CANARY"])
    #expect(launch.errors == ["config: ENCRYPTION_KEY and ENCRYPTION_KEY_FILE are both set: expected one of them"])
  }

  @Test("a secret on the command line is refused and not repeated")
  func commandLine() {
    for arguments in [["--encryption-key", "CANARY"], ["--encryption-key=CANARY"]] {
      let launch = Sample.launch(arguments)
      #expect(launch.end?.code == .configuration)
      #expect(
        launch.errors == [
          "config: --encryption-key is refused, as other users see command lines: expected --encryption-key-file or ENCRYPTION_KEY"
        ])
    }
  }

  @Test("a file that is missing or empty is reported with its path and the system's words")
  func unreadable() {
    #expect(
      Sample.launch([], ["ENCRYPTION_KEY_FILE": "none"]).errors == [
        "config: ENCRYPTION_KEY_FILE=\"none\" is not valid: "
          + "expected the path of a file that can be read (No such file or directory) (from environment)"
      ])
    #expect(
      Sample.launch([], ["ENCRYPTION_KEY_FILE": "f"], files: ["f": "\n"]).errors
        == [#"config: ENCRYPTION_KEY_FILE="f" is not valid: expected a file that is not empty (from environment)"#])
    #expect(Sample.launch(["--encryption-key-file"]).errors.count == 1)
  }

  @Test("a rejected secret shows neither value nor length")
  func rejected() {
    let launch = Launch.read(
      Sample.program, arguments: [], environment: ["JWT_SECRET": "CANARY"]
    ) { reader in
      _ = reader.secret("JWT_SECRET", "signs tokens")
      reader.reject("JWT_SECRET", expected: "32 bytes or more")
    }
    #expect(launch.errors == ["config: JWT_SECRET is not valid: expected 32 bytes or more (from environment)"])
  }

  @Test("printing, dumping and interpolating a secret show nothing of it")
  func redaction() {
    let secret = Secret("CANARY")
    var dumped = ""
    dump(secret, to: &dumped)
    let texts = ["\(secret)", String(describing: secret), String(reflecting: secret), "\([secret])", dumped]
    #expect(texts.allSatisfy { !$0.contains("CANARY") && !$0.contains("67") })
  }

  @Test("a real file is read, one above the limit or without permission is not")
  func realFiles() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("content\n", to: "secret")
    #expect(try FileBytes.read(path) == Array("content\n".utf8))
    let error = #expect(throws: FileBytes.Failure.self) { try FileBytes.read(path, limit: 3) }
    #expect(error?.description == "it holds more than 3 bytes")
    #expect(throws: FileBytes.Failure.self) { try FileBytes.read(folder.path) }
  }
}
