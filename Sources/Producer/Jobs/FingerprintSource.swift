import Jobs
import Sealing
import Transport

/// The fingerprints of keys; without PAYLOAD_KEY their own key lies in Redis and is read once.
@EventLoop
final class FingerprintSource {
  private let store: JobStore
  private let payloadKey: SecretBytes?
  private var known: Fingerprint?

  init(_ store: JobStore, payloadKey: SecretBytes?) {
    self.store = store
    self.payloadKey = payloadKey
  }

  /// The fingerprints.
  func get() async throws(JobError) -> Fingerprint {
    if let known { return known }
    let fingerprint = try await store.fingerprint(payloadKey: payloadKey)
    known = fingerprint
    return fingerprint
  }
}
