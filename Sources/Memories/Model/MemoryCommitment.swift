public import Proofs
internal import Sealing

/// The public numbers of a memory: its commitment, which is its leaf, and its nullifier.
public enum MemoryCommitment {
  /// Separates commitments from other hashes.
  public static let commitmentTag: Fr = 1
  /// Separates nullifiers from other hashes.
  public static let nullifierTag: Fr = 2
  /// The status of a memory that is kept. There is no other one yet: a forgotten memory has no commitment.
  public static let activeStatus = 1

  /// The content as a number: SHA-512 of its bytes modulo r.
  ///
  /// - Throws: `sealing` when the library fails.
  public static func contentHash(_ content: [UInt8]) throws(MemoryError) -> Fr {
    do throws(SealingError) {
      return try number(from: try Digest.sha512.hash(content))
    } catch {
      throw .sealing(code: error.code)
    }
  }

  /// Poseidon(1, content hash, salt, flag bits, key version, status).
  public static func commitment(
    contentHash: Fr, salt: Fr, category: MemoryCategory, keyVersion: Int, status: Int = activeStatus
  ) -> Fr {
    hash([
      commitmentTag, contentHash, salt, category.flags, Fr(UInt64(clamping: keyVersion)), Fr(UInt64(clamping: status)),
    ])
  }

  /// Poseidon(2, commitment, salt): published when a memory is forgotten. Nobody without the salt can compute it.
  public static func nullifier(commitment: Fr, salt: Fr) -> Fr { hash([nullifierTag, commitment, salt]) }

  /// A number from all of the field, each equally likely up to 2^-258.
  static func randomSalt() throws(MemoryError) -> Fr {
    do throws(SealingError) {
      return try number(from: try SecureRandom.bytes(64))
    } catch {
      throw .sealing(code: error.code)
    }
  }

  private static func number(from bytes: [UInt8]) throws(SealingError) -> Fr {
    do throws(ProofsError) {
      return try Fr(reducing: bytes)
    } catch {
      throw .wrongLength(argument: "hash", expected: "64", actual: bytes.count)
    }
  }

  private static func hash(_ inputs: [Fr]) -> Fr {
    do throws(ProofsError) {
      return try Poseidon.hash(inputs)
    } catch {
      preconditionFailure("Poseidon takes 1 to 16 inputs, and the callers above give 3 or 6")
    }
  }
}
