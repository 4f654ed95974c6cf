import JSONWire
import Jobs
import Sealing
import Service
import Transport

/// `jobctl keys ...`: makes and derives the secrets of an installation. Nothing is asked of the API or Redis.
enum KeysCommand {
  static let keys = Command(
    name: "keys", operands: "encryption|payload|jwt|api|hash [NAME|-]", operandCount: 1...2,
    summary: "make ENCRYPTION_KEY, JWT_SECRET and API keys, derive PAYLOAD_KEY, hash keys for API_KEYS_FILE",
    options: [
      Option("scopes", "SCOPES", "api, hash: jobs:read,jobs:write unless given; admin allows everything"),
      Option("owner", "OWNER", "api, hash: whom jobs belong to, unless it is the name"),
    ] + SecretInput.options,
    examples: [
      "keys encryption >encryption.key", "keys payload --encryption-key-file encryption.key >payload.key",
      "keys payload - <encryption.key", "keys jwt >jwt.secret", "keys api ci --scopes jobs:read,jobs:write",
      "keys hash ci <ci.key >>api.keys",
    ]
  ) { (call) throws(ProgramEnd) in
    let verb = call.arguments.operands[0]
    let operand = call.arguments.operands.dropFirst().first
    switch (verb, operand) {
    case ("encryption", nil): return print([("encryption_key", try fresh())], call)
    case ("jwt", nil): return print([("jwt_secret", try fresh())], call)
    case ("payload", nil), ("payload", "-"):
      return print([("payload_key", try payloadKey(fromStandardInput: operand != nil, call))], call)
    case ("api", let name?):
      let key = try fresh()
      return print([("key", key), ("line", try line(name, Array(key.utf8), call))], call)
    case ("hash", let name?):
      return print([("line", try line(name, try SecretInput.standardInput().bytes, call))], call)
    default: throw .usage("usage: jobctl keys encryption | payload [-] | jwt | api NAME | hash NAME <FILE")
    }
  }

  private static func fresh() throws(ProgramEnd) -> String {
    do throws(SealingError) {
      return try NewKeys.key()
    } catch {
      throw .failed(.failure, "no key could be made: \(error)")
    }
  }

  private static func payloadKey(fromStandardInput: Bool, _ call: Call) throws(ProgramEnd) -> String {
    let key: SecretBytes
    if fromStandardInput {
      let secret = try SecretInput.standardInput()
      do throws(KeyTextError) {
        key = try KeyText.parse(secret.text)
      } catch {
        throw .failed(.configuration, "what stands on standard input is no ENCRYPTION_KEY: \(error)")
      }
    } else {
      guard let given = try SecretInput.keys(call).encryptionKey else {
        throw .failed(
          .configuration,
          "ENCRYPTION_KEY is missing: set it, name its file by --encryption-key-file, or give - and the"
            + " key on standard input")
      }
      key = given
    }
    do throws(SealingError) {
      return NewKeys.hexadecimal(try PayloadSeal.derivePayloadKey(from: key))
    } catch {
      throw .failed(.failure, "the key cannot be derived: \(error)")
    }
  }

  private static func line(_ name: String, _ key: [UInt8], _ call: Call) throws(ProgramEnd) -> String {
    guard key.count >= 32, key.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .usage("the key must be 32 visible ASCII characters or more, drawn at random; `jobctl keys api` makes one")
    }
    return try APIKeyLine(
      name: name, key: key, scopes: call.arguments["scopes"] ?? "jobs:read,jobs:write", owner: call.arguments["owner"]
    ).text
  }

  /// The values alone, one a line, so that they can go into files as they are; with --json by name.
  private static func print(_ values: [(name: String, text: String)], _ call: Call) -> ProgramEnd {
    guard call.settings.isJSON else {
      return ProgramEnd(.success, output: values.map { $0.text + "\n" }.joined())
    }
    var writer = JSONWriter()
    writer.object { writer in
      for value in values { writer.field(value.name, value.text) }
    }
    return ProgramEnd(.success, output: writer.text + "\n")
  }
}
