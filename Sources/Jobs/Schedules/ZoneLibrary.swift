internal import Glibc
internal import Synchronization

/// Time zones by name for code on the event loop: each file is read once, on a thread of its own.
///
/// A zone that was read is kept until the process ends, so that a new release of the database counts from the next start.
public final class ZoneLibrary: Sendable {
  /// More zones than this are read anew each time; the database has some 600 names.
  private static let mostKept = 1024

  private let folder: ZoneFolder
  private let known = Mutex<[String: TimeZoneFile]>(["UTC": .utc])

  /// Zones of a folder.
  public init(_ folder: ZoneFolder = .system) { self.folder = folder }

  /// A zone.
  public func zone(_ name: String) async throws(ZoneFolder.Unknown) -> TimeZoneFile {
    if let zone = known.withLock({ $0[name] }) { return zone }
    let result = await withCheckedContinuation { continuation in
      Reading { continuation.resume(returning: self.read(name)) }.start()
    }
    return try result.get()
  }

  private func read(_ name: String) -> Result<TimeZoneFile, ZoneFolder.Unknown> {
    do throws(ZoneFolder.Unknown) {
      let zone = try folder.read(name)
      known.withLock { if $0.count < Self.mostKept { $0[name] = zone } }
      return .success(zone)
    } catch {
      return .failure(error)
    }
  }

  /// One call on a thread of its own.
  private final class Reading: Sendable {
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    func start() {
      var thread = pthread_t()
      let context = Unmanaged.passRetained(self)
      let failure = pthread_create(
        &thread, nil,
        { context in
          guard let context else { return nil }
          Unmanaged<Reading>.fromOpaque(context).takeRetainedValue().body()
          return nil
        }, context.toOpaque())
      guard failure == 0 else {
        // Without a thread a file of 4 KB is read here.
        context.takeRetainedValue().body()
        return
      }
      pthread_detach(thread)
    }
  }
}
