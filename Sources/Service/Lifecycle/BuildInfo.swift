/// Which program this is: for `--version`, `/version`, the log's first line and the metric `build_info`.
public enum BuildInfo {
  /// The version of the release (semver.org).
  public static let version = "0.1.0"

  /// The version of the Swift language that the compiler has.
  public static let swiftVersion: String = {
    #if swift(>=6.4)
      "6.4+"
    #elseif swift(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }()

  /// The commit that the image was built from: what the image's build put into WC_COMMIT, else `unknown`.
  public static func commit(in environment: [String: String]) -> String {
    environment["WC_COMMIT"].flatMap { $0.isEmpty ? nil : $0 } ?? "unknown"
  }

  /// What a program answers to `--version`: a line with name, version, commit and Swift's version.
  public static func line(of program: String, environment: [String: String]) -> String {
    "\(program) \(version) (commit \(Setting.printable(commit(in: environment))), Swift \(swiftVersion))\n"
  }

  /// Adds `build_info`, a gauge of 1 whose labels are version, commit and Swift version.
  public static func register(on registry: MetricsRegistry, environment: [String: String]) {
    let labels = [version, commit(in: environment), swiftVersion]
    registry.gauge("build_info", help: "Always 1; the labels say what runs.", labels: ["version", "commit", "swift"]) {
      [MetricSample(labels, 1)]
    }
  }
}
