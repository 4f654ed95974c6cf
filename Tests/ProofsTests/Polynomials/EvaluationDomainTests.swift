import TestSupport
import Testing

@testable import Proofs

@Suite("Evaluation domains") struct EvaluationDomainTests {
  private func value(_ coefficients: [Fr], at point: Fr) -> Fr { coefficients.reversed().reduce(0) { $0 * point + $1 } }

  private func numbers(_ count: Int, _ sampler: inout FieldSampler<ScalarParameters>) -> [Fr] {
    (0..<count).map { _ in sampler.next() }
  }

  @Test func rootOfUnity() throws {
    let known = try Fr(decimal: "19103219067921713944291392827692070036145651957329286315305642004821462161904")
    var root = known
    for _ in 0..<8 { root = root.squared }
    let domain = try EvaluationDomain(logarithm: 20)
    #expect(domain.root == root)
    #expect(domain.root.power(1 << 20) == 1 && domain.root.power(1 << 19) == -.one)
    #expect(domain.cosetShift.squared == domain.root)
  }

  @Test("values are those of Horner's rule", arguments: 0..<6)
  func evaluation(logarithm: Int) throws {
    var sampler = FieldSampler<ScalarParameters>()
    let domain = try EvaluationDomain(logarithm: logarithm)
    let coefficients = numbers(domain.size, &sampler)
    var values = coefficients
    domain.evaluate(&values)
    for index in 0..<domain.size {
      #expect(values[index] == value(coefficients, at: domain.root.power(UInt64(index))), "\(sampler)")
    }
    domain.interpolate(&values)
    #expect(values == coefficients, "\(sampler)")
  }

  @Test("there and back", arguments: [7, 10, 12])
  func roundTrip(logarithm: Int) throws {
    var sampler = FieldSampler<ScalarParameters>()
    let domain = try EvaluationDomain(logarithm: logarithm)
    let start = numbers(domain.size, &sampler)
    var values = start
    domain.interpolate(&values)
    domain.evaluate(&values)
    #expect(values == start, "\(sampler)")
  }

  @Test("extension gives the values between the points", arguments: [0, 1, 3, 5])
  func coset(logarithm: Int) throws {
    var sampler = FieldSampler<ScalarParameters>()
    let domain = try EvaluationDomain(logarithm: logarithm)
    let coefficients = numbers(domain.size, &sampler)
    var values = coefficients
    domain.evaluate(&values)
    domain.extend(&values)
    for index in 0..<domain.size {
      let point = domain.cosetShift.power(UInt64(2 * index + 1))
      #expect(values[index] == value(coefficients, at: point), "\(sampler)")
    }
  }

  @Test("Lagrange's polynomials recover a value anywhere", arguments: [0, 1, 4, 7])
  func lagrange(logarithm: Int) throws {
    var sampler = FieldSampler<ScalarParameters>()
    let domain = try EvaluationDomain(logarithm: logarithm)
    let point = sampler.next()
    let basis = domain.lagrange(at: point)
    #expect(basis.reduce(0, +) == 1, "\(sampler)")
    let coefficients = numbers(domain.size, &sampler)
    var values = coefficients
    domain.evaluate(&values)
    #expect(zip(values, basis).reduce(0) { $0 + $1.0 * $1.1 } == value(coefficients, at: point), "\(sampler)")
  }

  @Test func sizes() throws {
    for (count, size) in [(0, 1), (1, 1), (2, 2), (3, 4), (4, 4), (5, 8), (1025, 2048)] {
      #expect(try EvaluationDomain(atLeast: count).size == size)
    }
    #expect(throws: ProofsError.domainTooLarge(28)) { try EvaluationDomain(logarithm: 28) }
    #expect(throws: ProofsError.domainTooLarge(-1)) { try EvaluationDomain(logarithm: -1) }
    #expect(throws: ProofsError.domainTooLarge(28)) { try EvaluationDomain(atLeast: (1 << 27) + 1) }
    #expect(throws: ProofsError.domainTooLarge(28)) { try EvaluationDomain(atLeast: .max) }
  }
}
