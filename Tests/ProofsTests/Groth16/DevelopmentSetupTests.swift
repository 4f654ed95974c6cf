import TestSupport
import Testing

@testable import Proofs

@Suite("Development setup") struct DevelopmentSetupTests {
  @Test("the quick verifying key is that of the proving key")
  func quickKey() throws {
    let key = try Cube.key.get()
    #expect(try DevelopmentSetup.verifyingKey(for: Cube.system, named: Cube.name) == key.verifyingKey)
    #expect(key.wireCount == Cube.system.wireCount)
    #expect(key.domainSize == 8)
    #expect(key.a.count == key.wireCount && key.b1.count == key.wireCount && key.b2.count == key.wireCount)
    #expect(key.c.count == key.wireCount - key.verifyingKey.publicCount - 1)
    #expect(key.h.count == key.domainSize)
  }

  @Test func pointsAreInTheirGroups() throws {
    let key = try Cube.key.get()
    #expect((key.a + key.b1 + key.c + key.h + [key.betaG1, key.deltaG1]).allSatisfy { $0.isOnCurve })
    #expect(key.b2.allSatisfy { $0.isOnCurve && $0.isInSubgroup })
    // The same scalars stand in both groups.
    for (g1, g2) in zip(key.b1, key.b2) where !g1.isInfinity {
      #expect(Pairing.value(g1, .generator) == Pairing.value(.generator, g2))
    }
  }

  @Test func anotherNameIsAnotherKey() throws {
    let names = ["cube", "cubf", "cub", "", "a name of more than eight bytes", "a name of more than eight bytet"]
    let keys = try names.map { try DevelopmentSetup.verifyingKey(for: Cube.system, named: $0) }
    #expect(Set(keys).count == names.count)
  }

  /// A change of a circuit or of the setup changes these: stored proofs of development installations then no longer verify,
  /// and the changelog has to say so.
  @Test("the keys of all circuits are pinned")
  func pinned() async throws {
    let folder = try TemporaryFolder()
    for circuit in CircuitLibrary.all {
      let key = try DevelopmentSetup.verifyingKey(for: circuit.system(), named: circuit.name)
      let path = try folder.write(String(decoding: key.json, as: UTF8.self), to: circuit.name)
      let sum = try await Tool.output(of: "sha256sum", [path]).prefix(64)
      #expect(Self.pins[circuit.name] == String(sum), "\(circuit.name)")
    }
    #expect(Self.pins.count == CircuitLibrary.all.count)
  }

  private static let pins = [
    "memory_pattern": "a35f8c79b2395a9fb1daa57e1d62e7e3cdc6d6c1dbfe2c9f3f9f94505ff3bf8d",
    "memory_policy": "07b9383f4a782415dc18a8705c8244eee5bed7447f6cd0fa3067b42c1e2c01c7",
    "membership": "57ca37a90fae0940044c63d0c754ac9af349095dea6c2499b103ce4f3dd8240a",
    "deletion": "1adab89eed767025e30c886307104a77886b2775bf0434932ca10ac09e2042ca",
    "access_history": "917a05c28ac5fb62d22472e87dae4341b48462a1a6d4b6058ee16f73621caaca",
    "compliance": "7e903dd15c14265395b7d4c460ae490eb7d0b8d28fd359aa8c02415882dd41a5",
  ]
}

@Suite("Keys that anybody can forge for")
struct ForgeableKeyTests {
  private func key(delta: G2Point? = nil, alpha: G1Point? = nil) throws -> VerifyingKey {
    let key = try Cube.key.get().verifyingKey
    return VerifyingKey(
      uncheckedAlpha: alpha ?? key.alpha, beta: key.beta, gamma: key.gamma, delta: delta ?? key.delta,
      inputs: key.inputs)
  }

  @Test("a key of this setup is known by alpha under the name it was made for, also after others have contributed")
  func development() throws {
    let key = try key()
    #expect(DevelopmentSetup.canForge(key, names: ["other", "cube"]))
    #expect(!DevelopmentSetup.canForge(key, names: ["other", "Cube", ""]))
    #expect(!DevelopmentSetup.canForge(key, names: []))
    let continued = try self.key(delta: key.delta.multiplied(by: 77))
    #expect(DevelopmentSetup.canForge(continued, names: ["cube"]))
    #expect(!DevelopmentSetup.canForge(try self.key(alpha: key.alpha.multiplied(by: 77)), names: ["cube"]))
  }

  @Test("where delta is gamma, points of the key alone prove any statement")
  func untouched() throws {
    let key = try key(delta: try Cube.key.get().verifyingKey.gamma, alpha: G1Point.generator.multiplied(by: 77))
    let signals: [Fr] = [123_456, 789]
    var inputs = Jacobian(key.inputs[0])
    for (point, signal) in zip(key.inputs.dropFirst(), signals) { inputs += point.multiplied(by: signal) }
    try Verifier(key).verify(Proof(a: key.alpha, b: key.beta, c: (-inputs).affine), publicSignals: signals)
    #expect(DevelopmentSetup.canForge(key, names: []))
  }
}
