import Proofs

/// Why a proving key cannot be used. Names of keys and sizes only; no paths, as callers read it in their job's error.
enum KeyError: Error, Sendable, Equatable {
  /// The manifest pins no key of this name.
  case notPinned(String)
  /// The manifest cannot be read.
  case manifest(String)
  /// A file cannot be read or written.
  case file(String, reason: String)
  /// The file's bytes are not those that the manifest pins.
  case altered(String)
  /// The file is no key that can be used.
  case unusable(String, ProofsError)
  /// The key is of another circuit than the program's of this name.
  case wrongCircuit(String, detail: String)
  /// A development key where production rules hold, or one that the manifest calls a ceremony's.
  case insecure(String)
  /// The cryptographic library failed.
  case sealing(code: String)

  /// A stable word for results, logs and comparison.
  var code: String {
    switch self {
    case .notPinned: "unknown_key"
    case .manifest: "key_manifest_invalid"
    case .file: "key_unreadable"
    case .altered: "key_altered"
    case .unusable(_, let error): error.code
    case .wrongCircuit: "key_of_another_circuit"
    case .insecure: "insecure_dev_key"
    case .sealing: "seal_failed"
    }
  }
}

extension KeyError: CustomStringConvertible {
  /// What happened and what to do, with the name of the key or the file.
  var description: String {
    switch self {
    case .notPinned(let name), .altered(let name), .unusable(let name, _), .wrongCircuit(let name, _),
      .insecure(let name):
      "\(name).zkey " + cause
    case .file(let name, _): "\(name) " + cause
    case .manifest, .sealing: cause
    }
  }

  /// The same for the error of a private job, whose payload holds the name.
  var withoutName: String {
    switch self {
    case .notPinned, .altered, .unusable, .wrongCircuit, .insecure, .file: "the key that the payload names " + cause
    case .manifest, .sealing: cause
    }
  }

  private var cause: String {
    switch self {
    case .notPinned: "is not in manifest.json of PROOF_KEYS_DIR; put the file there and pin it"
    case .manifest(let detail): "manifest.json of PROOF_KEYS_DIR cannot be used: \(detail)"
    case .file(_, let reason): "in PROOF_KEYS_DIR cannot be used: \(reason)"
    case .altered:
      "is not the file that manifest.json pins: its SHA-256 differs; restore it, or check and pin it anew"
    case .unusable(_, let error): "cannot be used: \(error)"
    case .wrongCircuit(_, let detail): "was made for another circuit: \(detail)"
    case .insecure:
      "is a development key (insecure-dev), with which anybody can forge; bring keys of a ceremony"
    case .sealing(let code): "the cryptographic library failed (\(code)); check the OpenSSL 3 installation"
    }
  }
}
