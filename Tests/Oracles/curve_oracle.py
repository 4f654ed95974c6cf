"""Prints sums, multiples and pairing products by py_ecc: a line each, all from the seed that is given.

sum x y x y x y            two points of G1 and their sum; (0, 0) is infinity
twist x0 x1 y0 y1 ...      the same in G2
multiple k x y x y         k times a point of G1
twist-multiple k ...       the same in G2
product 1 n ...            n pairs (G1, G2) whose product of pairings is one (0: is not)
value c0 ... c11 ...       a pairing's value as a polynomial in w, w^12 = 18 w^6 - 82, and its two points
order 1 x0 x1 y0 y1        a point of the twist whose order divides r (0: does not)
"""

import random
import sys

from py_ecc import optimized_bn128 as bn

seed, count, pairings = (int(word) for word in sys.argv[1:])
rng = random.Random(seed)
r = bn.curve_order
EDGES = [0, 1, 2, 3, r - 1, r - 2, (r - 1) // 2, 2**64, 2**128 - 1, 2**253]


def scalar() -> int:
    kind = rng.randrange(4)
    if kind == 0:
        return rng.choice(EDGES)
    return rng.getrandbits(rng.randrange(1, 254)) if kind == 1 else rng.randrange(r)


def coordinates(point) -> list[int]:
    if bn.is_inf(point):
        return [0] * (2 * (len(point[0].coeffs) if hasattr(point[0], "coeffs") else 1))
    return [number for value in bn.normalize(point)
            for number in (map(int, value.coeffs) if hasattr(value, "coeffs") else [value.n])]


def put(name, *parts):
    print(name, *(number for part in parts for number in (part if isinstance(part, list) else [part])))


for base, infinity, plain, name in [(bn.G1, bn.Z1, "sum", "multiple"), (bn.G2, bn.Z2, "twist", "twist-multiple")]:
    # Multiples of a few points, so that equal and opposite ones meet.
    points = [infinity, base, bn.neg(base), bn.double(base)]
    few = count if base is bn.G1 else count // 4
    for _ in range(few):
        points.append(bn.add(rng.choice(points), bn.multiply(base, rng.getrandbits(40))))
        left, right = rng.choice(points), rng.choice(points)
        put(plain, coordinates(left), coordinates(right), coordinates(bn.add(left, right)))
    for _ in range(few):
        factor, point = scalar(), rng.choice(points)
        put(name, factor, coordinates(point), coordinates(bn.multiply(point, factor)))

# Products of pairings as EIP-197 checks them: a random linear relation of the exponents, whole or broken.
for index in range(pairings):
    pairs = [(rng.randrange(r), rng.randrange(r)) for _ in range(rng.randrange(1, 4))]
    if index % 3 == 0:
        pairs.append((0, rng.randrange(r)))
    whole = index % 2 == 0
    rest = -sum(a * b for a, b in pairs) % r
    pairs.append((rest if whole else (rest + rng.randrange(1, r)) % r, 1))
    rng.shuffle(pairs)
    points = [(bn.multiply(bn.G1, a), bn.multiply(bn.G2, b)) for a, b in pairs]
    product = bn.FQ12.one()
    for first, second in points:
        product *= bn.pairing(second, first, final_exponentiate=False) if not bn.is_inf(first) else bn.FQ12.one()
    product = bn.final_exponentiate(product)
    assert (product == bn.FQ12.one()) == whole
    put("product", int(whole), len(points), *(coordinates(point) for pair in points for point in pair))
    value = bn.pairing(*reversed(points[0]))
    put("value", [int(coefficient) for coefficient in value.coeffs], *(coordinates(point) for point in points[0]))

# A point of the twist outside the group of order r, and what its multiples and sums with the group give.
p = bn.field_modulus
stranger = (bn.FQ2([1, 0]), bn.FQ2([
    18278151005453108793778860132295291098363647455926340152056652516292830556603,
    5912654199736721486680175016176231956195085055698687135131307249486702594212]), bn.FQ2.one())
cofactor = 2 * p - r
assert bn.is_on_curve(stranger, bn.b2)
for index in range(2 * pairings):
    point = bn.multiply(stranger, rng.getrandbits(40) * (cofactor if index % 3 == 0 else 1))
    point = bn.add(point, bn.multiply(bn.G2, rng.getrandbits(40)))
    put("order", int(bn.is_inf(bn.multiply(point, r))), coordinates(point))
