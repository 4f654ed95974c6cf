import Testing

@testable import Proofs

@Suite struct PoseidonTests {
  /// The hash of 1, 2, ... n, for n from 1: the values on which circomlibjs, go-iden3-crypto and light-poseidon agree.
  static let digests = [
    "18586133768512220936620570745912940619677854269274689475585506675881198879027",
    "7853200120776062878684798364095072458815029376092732009249414926327459813530",
    "6542985608222806190361240322586112750744169038454362455181422643027100751666",
    "18821383157269793795438455681495246036402687001665670618754263018637548127333",
    "6183221330272524995739186171720101788151706631170188140075976616310159254464",
    "20400040500897583745843009878988256314335038853985262692600694741116813247201",
    "12748163991115452309045839028154629052133952896122405799815156419278439301912",
    "18604317144381847857886385684060986177838410221561136253933256952257712543953",
    "13589767895268936107593642967621470491511464502761040466226072462545218539640",
    "3657500514307717306974218405144578736633140001277925127187636780142269815841",
    "3572015662710076994097916907865950486270383304442561406230608893458731714472",
    "2501997477381648492950318384533644783248002172679259592360114615426357826485",
    "7041832639553862712666971417715061873827921493498355005117622707743491651590",
    "8354478399926161176778659061636406690034081872658507739535256090879947077494",
    "4203130618016961831408770638653325366880478848856764494148034853759773445968",
    "9989051620750914585850546081941653841776809718687451684622678807385399211877",
  ]

  @Test("1 to 16 inputs hash as in other implementations", arguments: 1...16)
  func counting(count: Int) throws {
    let inputs = (1...count).map { Fr(UInt64($0)) }
    #expect(try Poseidon.hash(inputs).decimal == Self.digests[count - 1])
  }

  @Test("inputs with zeros hash as in other implementations")
  func zeros() throws {
    let vectors: [([Fr], String)] = [
      ([0, 0], "14744269619966411208579211824598458697587494354926760081771325075741142829156"),
      ([1, 2, 0, 0, 0], "1018317224307729531995786483840663576608797660851238720571059489595066344487"),
      ([3, 4, 5, 10, 23], "13034429309846638789535561449942021891039729847501137143363028890275222221409"),
      ([1, 2, 0, 0, 0, 0], "15336558801450556532856248569924170992202208561737609669134139141992924267169"),
      ([3, 4, 0, 0, 0, 0], "12263118664590987767234828103155242843640892839966517009184493198782366909018"),
      (
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0, 0, 0],
        "5540388656744764564518487011617040650780060800286365721923524861648744699539"
      ),
      (
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0, 0, 0, 0, 0],
        "11882816200654282475720830292386643970958445617880627439994635298904836126497"
      ),
    ]
    for (inputs, digest) in vectors { #expect(try Poseidon.hash(inputs).decimal == digest, "\(inputs.count) inputs") }
  }

  @Test("the fast rounds permute as the paper's plain rounds", arguments: [2, 3, 5, 9])
  func plainRounds(width: Int) throws {
    let constants = PoseidonConstants(width: width)
    var random = FieldSampler<ScalarParameters>(seed: 17)
    for round in 0..<4 {
      let inputs = (1..<width).map { _ in round == 0 ? -Fr.one : random.next() }
      #expect(try Poseidon.hash(inputs) == constants.permute([.zero] + inputs)[0], "width \(width), \(random)")
    }
  }

  @Test("the form for two inputs is the general one")
  func pair() throws {
    var random = FieldSampler<ScalarParameters>(seed: 18)
    for _ in 0..<20 {
      let left = random.next()
      let right = random.next()
      #expect(try Poseidon.hash(left, right) == Poseidon.hash([left, right]), "\(random)")
      #expect(Poseidon.hash(left, right) != Poseidon.hash(right, left), "\(random)")
    }
  }

  @Test("no inputs and more than 16 are refused")
  func counts() {
    for count in [0, 17, 100] {
      #expect(throws: ProofsError.wrongInputCount(count)) {
        try Poseidon.hash([Fr](repeating: .one, count: count))
      }
    }
  }

  @Test("the first constants for three elements are the published ones")
  func constants() {
    let constants = PoseidonConstants(width: 3)
    #expect(
      constants.roundConstants[0][0].decimal
        == "6745197990210204598374042828761989596302876299545964402857411729872131034734")
    #expect(
      constants.matrix[0, 0].decimal == "7511745149465107256748700652201246547602992235352608707588321460060273774987")
    #expect(constants.roundConstants.count == 65)
  }

  @Test("many threads may be the first to hash at the same time")
  func threads() async throws {
    let digests = await withTaskGroup(of: String?.self) { group in
      for _ in 0..<16 { group.addTask { try? Poseidon.hash([1, 2, 3, 4, 5, 6, 7]).decimal } }
      return await group.reduce(into: Set<String?>()) { $0.insert($1) }
    }
    #expect(digests == [Self.digests[6]])
  }
}

@Suite struct FieldMatrixTests {
  @Test("a matrix times its inverse is the identity, also when rows must change places")
  func inverse() throws {
    var random = FieldSampler<ScalarParameters>(seed: 19)
    for size in 1...5 {
      var matrix = FieldMatrix(size: size) { _, _ in random.next() }
      if size > 1 { matrix[0, 0] = .zero }
      let inverse = try #require(matrix.inverse, "\(random)")
      #expect(matrix * inverse == .identity(size), "size \(size), \(random)")
      #expect(inverse * matrix == .identity(size), "size \(size), \(random)")
    }
  }

  @Test("a singular matrix has no inverse")
  func singular() {
    #expect(FieldMatrix(size: 2) { _, _ in 3 }.inverse == nil)
    #expect(FieldMatrix(size: 3) { row, _ in row == 1 ? 0 : 1 }.inverse == nil)
  }

  @Test("rows and columns multiply from their sides")
  func products() {
    let matrix = FieldMatrix(size: 2) { Fr(UInt64($0 * 2 + $1 + 1)) }
    #expect(matrix * [5, 6] == [17, 39])
    #expect([5, 6] * matrix == [23, 34])
  }
}
