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

  @Test("there and back", arguments: 0...12)
  func roundTrip(logarithm: Int) throws {
    var sampler = FieldSampler<ScalarParameters>()
    let domain = try EvaluationDomain(logarithm: logarithm)
    let start = numbers(domain.size, &sampler)
    var values = start
    domain.interpolate(&values)
    #expect(value(values, at: domain.root) == start[1 % domain.size], "\(sampler)")
    domain.evaluate(&values)
    #expect(values == start, "\(sampler)")
    domain.evaluate(&values)
    domain.interpolate(&values)
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

  @Test("polynomials whose values are known without a transform", arguments: [1, 6, 9])
  func knownValues(logarithm: Int) throws {
    let domain = try EvaluationDomain(logarithm: logarithm)
    let size = domain.size
    let points = (0..<size).map { domain.root.power(UInt64($0)) }
    #expect(Set(points).count == size)
    var constant = [Fr](repeating: 0, count: size)
    constant[0] = 7
    domain.evaluate(&constant)
    #expect(constant == Array(repeating: 7, count: size))
    domain.extend(&constant)
    #expect(constant == Array(repeating: 7, count: size))
    // X^(n - 1) is the inverse of X on the domain.
    var power = [Fr](repeating: 0, count: size)
    power[size - 1] = 1
    domain.evaluate(&power)
    #expect(zip(power, points).allSatisfy { $0 * $1 == .one })
    // On the coset X^n is -1, so that X^n - 1 has no zero there: what a quotient by it rests on.
    #expect(domain.cosetShift.power(UInt64(size)) == -.one)
    domain.extend(&power)
    #expect(zip(power, points).allSatisfy { $0 * $1 * domain.cosetShift == -.one })
  }

  @Test("a quotient by X^n - 1 comes out whole on the coset", arguments: [2, 5])
  func quotient(logarithm: Int) throws {
    var sampler = FieldSampler<ScalarParameters>()
    let domain = try EvaluationDomain(logarithm: logarithm)
    // Values of a, b and c = a b on the domain: a b - c is a multiple of X^n - 1, of fewer than 2 n - 1 coefficients.
    var (a, b) = (numbers(domain.size, &sampler), numbers(domain.size, &sampler))
    var c = zip(a, b).map { $0 * $1 }
    let point = sampler.next()
    let basis = domain.lagrange(at: point)
    func atPoint(_ values: [Fr]) -> Fr { zip(values, basis).reduce(0) { $0 + $1.0 * $1.1 } }
    let expected = (atPoint(a) * atPoint(b) - atPoint(c)) * (point.power(UInt64(domain.size)) - 1).inverse
    domain.extend(&a)
    domain.extend(&b)
    domain.extend(&c)
    let half = (-Fr(2)).inverse
    var quotient = zip(zip(a, b), c).map { ($0.0 * $0.1 - $1) * half }
    domain.interpolate(&quotient)
    // Values on the coset: the coefficients come multiplied by powers of the shift.
    #expect(value(quotient, at: point * domain.cosetShift.inverse) == expected, "\(sampler)")
  }

  @Test("each Lagrange polynomial is 1 at its own point of the domain and 0 at the others", arguments: [0, 1, 3])
  func basis(logarithm: Int) throws {
    var sampler = FieldSampler<ScalarParameters>()
    let domain = try EvaluationDomain(logarithm: logarithm)
    let point = sampler.next()
    let values = domain.lagrange(at: point)
    for index in 0..<domain.size {
      // Interpolated from 1 at one point of the domain and 0 at the others.
      var coefficients = [Fr](repeating: 0, count: domain.size)
      coefficients[index] = 1
      domain.interpolate(&coefficients)
      #expect(values[index] == value(coefficients, at: point), "\(sampler)")
    }
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
