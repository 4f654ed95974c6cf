/// How work in independent parts is shared among threads; this module starts none itself.
public struct WorkSharing: Sendable {
  /// How many parts run at a time at most; 1 for no sharing.
  public let width: Int
  private let perform: @Sendable (Int, @Sendable (Int) -> Void) -> Void

  /// - Parameter perform: calls the function once for each number below the count, on any threads, and returns after the
  ///   last call has ended.
  public init(width: Int, perform: @escaping @Sendable (Int, @Sendable (Int) -> Void) -> Void) {
    self.width = max(1, width)
    self.perform = perform
  }

  /// All on the caller's thread.
  public static let none = WorkSharing(width: 1) { count, part in
    for index in 0..<count { part(index) }
  }

  /// Runs `count` parts and returns when all have ended.
  func run(_ count: Int, _ part: @Sendable (Int) -> Void) { perform(count, part) }
}
