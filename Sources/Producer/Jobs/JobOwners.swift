import Jobs
import Transport

/// Whom jobs belong to, for answers and streams that name jobs which the caller did not ask for by id.
///
/// Kind and owner of a job never change, so that each job is read once a process, in batches and for all streams together;
/// nothing is read for callers who see everything.
@EventLoop
final class JobOwners {
  private enum Owner {
    /// Its kind belongs to nobody.
    case everybody
    /// A caller by name, or nil: operators alone.
    case one(String?)
  }

  private struct Question {
    var missing: Set<JobID>
    var found: [JobID: Owner] = [:]
    let continuation: CheckedContinuation<Result<[JobID: Owner], JobError>, Never>
  }

  /// Jobs that are remembered, twice over: the older half goes when the younger one is full.
  private nonisolated static let half = 16_384

  private let store: JobStore
  private let timing: StoreTiming
  private var young: [JobID: Owner] = [:]
  private var old: [JobID: Owner] = [:]
  private var questions: [Question] = []
  /// What goes with the next call of Redis.
  private var wanted: Set<JobID> = []
  /// What is being read.
  private var underway: Set<JobID> = []

  nonisolated init(store: JobStore, timing: StoreTiming) {
    self.store = store
    self.timing = timing
  }

  /// Those of `ids` that `viewer` may know of; a job that is gone is nobody's but the operators'.
  ///
  /// - Throws: when Redis is away.
  func visible(_ ids: Set<JobID>, to viewer: Viewer) async throws(JobError) -> Set<JobID> {
    if viewer.seesAll { return ids }
    var owners = ids.reduce(into: [:] as [JobID: Owner]) { $0[$1] = known($1) }
    let unknown = ids.filter { owners[$0] == nil }
    if !unknown.isEmpty { owners.merge(try await ask(unknown)) { $1 } }
    return ids.filter { id in
      switch owners[id] {
      case .everybody?: true
      case .one(let owner)?: owner != nil && owner == viewer.owner
      case nil: false
      }
    }
  }

  private func known(_ id: JobID) -> Owner? { young[id] ?? old[id] }

  private func remember(_ id: JobID, _ owner: Owner) {
    if young.count >= Self.half {
      old = young
      young = [:]
    }
    young[id] = owner
  }

  private func ask(_ ids: Set<JobID>) async throws(JobError) -> [JobID: Owner] {
    let answer = await withCheckedContinuation { continuation in
      questions.append(Question(missing: ids, continuation: continuation))
      wanted.formUnion(ids.subtracting(underway))
      if underway.isEmpty { read() }
    }
    return try answer.get()
  }

  /// Reads what is wanted; what is asked meanwhile goes with the next call.
  private func read() {
    guard !wanted.isEmpty else { return }
    underway = wanted
    wanted = []
    EventLoop.spawn {
      let ids = Array(self.underway)
      do throws(JobError) {
        let records = try await self.timing.measure(.read) { () async throws(JobError) in
          try await self.store.read(ids, isBrief: true)
        }
        self.settle(zip(ids, records).map { ($0, $1) })
      } catch {
        self.fail(error)
      }
      self.underway = []
      self.read()
    }
  }

  private func settle(_ found: [(JobID, JobRecord?)]) {
    for (id, record) in found {
      let owner: Owner
      if let record {
        let isOwned = record.kind.map(Viewer.isOwned) ?? false
        owner = isOwned ? .one(record.options.owner) : .everybody
      } else {
        owner = .one(nil)
      }
      // The kind of an element that was pushed by hand is told later, by its worker.
      if record == nil || record?.kind != nil { remember(id, owner) }
      for index in questions.indices where questions[index].missing.remove(id) != nil {
        questions[index].found[id] = owner
      }
    }
    let answered = questions.filter(\.missing.isEmpty)
    questions.removeAll(where: \.missing.isEmpty)
    for question in answered { question.continuation.resume(returning: .success(question.found)) }
  }

  private func fail(_ error: JobError) {
    let failed = questions.filter { !$0.missing.isDisjoint(with: underway) }
    questions.removeAll { !$0.missing.isDisjoint(with: underway) }
    for question in failed { question.continuation.resume(returning: .failure(error)) }
  }
}
