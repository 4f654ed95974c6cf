import JSONWire
import Proofs

/// `proof.inclusion {leaves, index}`: root and path of a leaf in a Poseidon Merkle tree of depth 20.
///
/// `verified` is computed from the path that is returned, by code that shares nothing with the tree's; a result that does
/// not verify is never published.
struct InclusionHandler: JobHandler {
  func run(_ job: Job, _ context: JobContext) throws(JobFailure) -> [UInt8] {
    let statement = try read(job)
    let inclusion: Inclusion
    do {
      inclusion = try statement.evaluate { context.shouldStop }
    } catch .stopped {
      throw .stopped
    } catch {
      throw .permanent(code: error.code, error.description)
    }
    guard inclusion.isVerified else {
      throw .retryable(code: "self_check_failed", "the computed path does not lead to the computed root")
    }
    return render(inclusion, index: statement.index)
  }

  private func read(_ job: Job) throws(JobFailure) -> InclusionStatement {
    let capacity = 1 << InclusionStatement.depth
    let (leaves, index) = try job.fields { fields in
      var leaves: [Fr] = []
      for value in fields.array("leaves", count: 0...capacity) {
        if let leaf = value.asFieldElement {
          leaves.append(leaf)
        } else {
          fields.mismatch(value, expected: "a decimal number below the field's modulus, as a string")
        }
      }
      return (leaves, fields.int("index", in: 0...(capacity - 1)))
    }
    do {
      return try InclusionStatement(leaves: leaves, index: index)
    } catch {
      throw .permanent(code: error.code, error.description)
    }
  }

  private func render(_ inclusion: Inclusion, index: Int) -> [UInt8] {
    var writer = JSONWriter(capacity: 2048)
    writer.object { writer in
      writer.field("root", inclusion.root.decimal)
      writer.field("leaf", inclusion.leaf.decimal)
      writer.field("index", index)
      writer.array("path") { writer in
        for sibling in inclusion.path.siblings { writer.string(sibling.decimal) }
      }
      writer.field("verified", inclusion.isVerified)
    }
    return writer.bytes
  }
}

extension JSONValue {
  /// A field element, written as a decimal string; nil for anything else.
  var asFieldElement: Fr? {
    guard let digits = asStringBytes else { return nil }
    do { return try Fr(decimal: digits.span) } catch { return nil }
  }
}
