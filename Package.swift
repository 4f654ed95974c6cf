// swift-tools-version: 6.2
import PackageDescription

let features: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// A module of the house. `imports` is the whole list of what it may import; `HouseTests` holds the sources against it.
func module(_ name: String, imports: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: imports, swiftSettings: features)
}

func program(_ name: String, imports: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: imports, swiftSettings: features)
}

func tests(_ name: String, of imports: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: imports + ["TestSupport"], swiftSettings: features)
}

let hiredis: Target.Dependency = .target(name: "CHiredis", condition: .when(traits: ["Hiredis"]))
let hiredisPeer: Target.Dependency = .target(name: "CHiredis", condition: .when(traits: ["HiredisPeer"]))

let package = Package(
  name: "WhisperCache",
  products: [
    .executable(name: "producer", targets: ["Producer"]),
    .executable(name: "worker", targets: ["Worker"]),
    .executable(name: "jobctl", targets: ["JobCtl"]),
  ],
  traits: [
    .trait(name: "Hiredis", description: "Read RESP2 replies with hiredis' reader (libhiredis-dev), not our own."),
    .trait(name: "HiredisPeer", description: "Let the benchmarks compare our client with hiredis (libhiredis-dev)."),
  ],
  dependencies: [],
  targets: [
    .target(name: "CLinux"),
    .target(name: "COpenSSL", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    .target(name: "CAssets", exclude: ["lua", "dashboard", "openapi.json"]),
    .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),

    module("Transport", imports: ["CLinux", "COpenSSL"]),
    module("JSONWire"),
    module("RedisWire", imports: ["Transport", hiredis]),
    module("HTTPWire", imports: ["Transport", "JSONWire"]),
    module("Service", imports: ["CLinux", "JSONWire"]),
    module("Tracing", imports: ["Transport", "JSONWire", "HTTPWire", "Service"]),
    module("Sealing", imports: ["COpenSSL"]),
    module("Jobs", imports: ["Transport", "RedisWire", "JSONWire", "Service", "Sealing", "CAssets"]),
    module("Proofs", imports: ["JSONWire"]),
    module("Memories", imports: ["Jobs", "Proofs", "Sealing", "Service", "RedisWire", "JSONWire", "Transport"]),

    program(
      "Producer",
      imports: ["Jobs", "HTTPWire", "Service", "Tracing", "Sealing", "RedisWire", "JSONWire", "Transport", "CAssets"]),
    program(
      "Worker",
      imports: [
        "Jobs", "Proofs", "Memories", "HTTPWire", "Service", "Tracing", "Sealing", "RedisWire", "JSONWire", "Transport",
        "CLinux",
      ]),
    program("JobCtl", imports: ["Jobs", "HTTPWire", "Service", "Sealing", "RedisWire", "JSONWire", "Transport"]),
    .executableTarget(
      name: "Bench",
      dependencies: ["Jobs", "RedisWire", "HTTPWire", "JSONWire", "Transport", "Proofs", "Sealing", hiredisPeer],
      path: "Benchmarks/Bench", swiftSettings: features),

    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: features),
    tests("HouseTests", of: []),
    tests("TransportTests", of: ["Transport"]),
    tests("JSONWireTests", of: ["JSONWire"]),
    tests("RedisWireTests", of: ["RedisWire", "Transport"]),
    tests("HTTPWireTests", of: ["HTTPWire", "JSONWire", "Transport"]),
    tests("ServiceTests", of: ["Service", "JSONWire"]),
    tests("TracingTests", of: ["Tracing", "HTTPWire", "JSONWire", "Service", "Transport"]),
    tests("SealingTests", of: ["Sealing"]),
    tests("JobsTests", of: ["Jobs", "RedisWire", "JSONWire", "Sealing", "Service", "Transport"]),
    tests("ProofsTests", of: ["Proofs", "JSONWire"]),
    tests("MemoriesTests", of: ["Memories", "Jobs", "Proofs", "Sealing", "RedisWire", "JSONWire", "Transport"]),
    tests(
      "ProducerTests",
      of: ["Producer", "Jobs", "HTTPWire", "JSONWire", "Service", "Sealing", "RedisWire", "Transport"]),
    tests(
      "WorkerTests",
      of: ["Worker", "Jobs", "JSONWire", "Service", "Tracing", "Sealing", "RedisWire", "Proofs", "Memories"]),
    tests(
      "JobCtlTests", of: ["JobCtl", "HTTPWire", "Jobs", "JSONWire", "RedisWire", "Sealing", "Service", "Transport"]),
    tests("EndToEndTests", of: ["JSONWire"]),
  ],
  swiftLanguageModes: [.v6]
)
