"""A circuit that groth16py compiled and set up, as the files that other provers read.

groth16py saves keys in a form of its own (arkworks' uncompressed points, then the constraints) and writes no .zkey; this
reads what its version 0.2.0 saves and writes the .zkey and .wtns of the same key and circuit.
"""

import struct

from py_ecc import optimized_bn128 as bn

p, r = bn.field_modulus, bn.curve_order
RADIX = 1 << 256


def root_of_unity(size: int) -> int:
    return pow(5, (r - 1) // size, r)


class SavedKey:
    def __init__(self, data: bytes):
        self.data, self.place = data, 6
        if data[:6] != b"g16pk1":
            raise ValueError("not a proving key saved by groth16py 0.2")
        self.alpha, self.beta2, self.gamma2, self.delta2 = self.g1(), self.g2(), self.g2(), self.g2()
        self.inputs = self.several(self.g1)
        self.beta1, self.delta1 = self.g1(), self.g1()
        self.a, self.b1, self.b2 = self.several(self.g1), self.several(self.g1), self.several(self.g2)
        self.powers, self.private = self.several(self.g1), self.several(self.g1)
        if self.take(1) == b"\1":
            self.take(self.count())  # the program that computes witnesses
        self.take(1)
        self.wires, self.public = self.count(), self.count()
        self.constraints = self.several(lambda: tuple(self.several(lambda: (self.count(), self.number())) for _ in range(3)))
        if self.place != len(data):
            raise ValueError("bytes after the end of a saved key")
        rows = len(self.constraints) + self.public + 1
        self.size = 1 << (rows - 1).bit_length()

    def take(self, count: int) -> bytes:
        self.place += count
        return self.data[self.place - count:self.place]

    def count(self) -> int:
        return struct.unpack("<Q", self.take(8))[0]

    def number(self) -> int:
        return int.from_bytes(self.take(32), "little")

    def several(self, read) -> list:
        return [read() for _ in range(self.count())]

    def point(self, count: int) -> list[int]:
        # The two highest bits are flags: the sign of y, which is written out, and infinity.
        numbers = [self.number() for _ in range(count)]
        infinite = numbers[-1] >> 254 & 1
        numbers[-1] &= (1 << 254) - 1
        return [0] * count if infinite else numbers

    def g1(self) -> list[int]:
        return self.point(2)

    def g2(self) -> list[int]:
        return self.point(4)

    def solve(self, inputs: list[int], outputs: int) -> list[int]:
        """All wires from the inputs: each constraint with one wire left gives that wire."""
        known = {0: 1} | {outputs + 1 + index: value for index, value in enumerate(inputs)}
        waiting = self.constraints
        while waiting:
            later = [sides for sides in waiting if not self.learn(sides, known)]
            if len(later) == len(waiting):
                raise ValueError("the constraints alone do not give the witness")
            waiting = later
        return [known[wire] for wire in range(self.wires)]

    @staticmethod
    def learn(sides: tuple, known: dict[int, int]) -> bool:
        """Whether a constraint's wires are all known; one that is left over is worked out."""
        unknown = {wire for side in sides for wire, factor in side if wire not in known}
        if len(unknown) > 1:
            return False
        for wire in unknown:
            # left * right - output is linear in a wire of one factor or of the output alone.
            def value(guess: int) -> int:
                left, right, output = (
                    sum(factor * (known[w] if w in known else guess) for w, factor in side) for side in sides)
                return (left * right - output) % r
            start, slope = value(0), (value(1) - value(0)) % r
            if slope == 0 or value(2) != (start + 2 * slope) % r:
                return False
            known[wire] = -start * pow(slope, -1, r) % r
        return True

    def quotient_points(self) -> list[list[int]]:
        """What a .zkey holds for the quotient: its Lagrange polynomials on the odd coset at tau, times Z(tau) / delta.

        The key has tau^i Z(tau) / delta. On the coset of g, g^n = -1, the polynomial for g w^j is the sum of
        (x / (g w^j))^i / n, and Z is -2 everywhere: a Fourier transform of points. The power n - 1, which the key does
        not have, has the factor 0 for every witness that fulfils the constraints.
        """
        n = self.size
        shift = pow(root_of_unity(2 * n), -1, r)
        scale = pow(-2 * n, -1, r)
        points = [(bn.FQ(x), bn.FQ(y), bn.FQ(1)) for x, y in self.powers] + [bn.Z1] * (n - len(self.powers))
        points = [bn.multiply(point, scale * pow(shift, i, r) % r) for i, point in enumerate(points)]
        points = transform(points, pow(root_of_unity(n), -1, r))
        return [[0, 0] if bn.is_inf(point) else [value.n for value in bn.normalize(point)] for point in points]

    def proving_key_file(self) -> bytes:
        header = struct.pack("<I", 32) + word(p) + struct.pack("<I", 32) + word(r)
        header += struct.pack("<III", self.wires, self.public, self.size)
        header += points([self.alpha, self.beta1, self.beta2, self.gamma2, self.delta1, self.delta2])
        factors = [
            (matrix, row, wire, factor) for row, sides in enumerate(self.constraints)
            for matrix in (0, 1) for wire, factor in sides[matrix]]
        factors += [(0, len(self.constraints) + wire, wire, 1) for wire in range(self.public + 1)]
        coefficients = struct.pack("<I", len(factors)) + b"".join(
            struct.pack("<III", matrix, row, wire) + word(factor * RADIX * RADIX % r)
            for matrix, row, wire, factor in factors)
        return container(b"zkey", 1, [
            struct.pack("<I", 1), header, points(self.inputs), coefficients, points(self.a), points(self.b1),
            points(self.b2), points(self.private), points(self.quotient_points()), bytes(64) + struct.pack("<I", 0)])


def transform(points: list, root: int) -> list:
    """The sums of root^(i j) times points[i]."""
    if len(points) == 1:
        return points
    even, odd = (transform(points[start::2], root * root % r) for start in (0, 1))
    odd = [bn.multiply(point, pow(root, index, r)) for index, point in enumerate(odd)]
    return [bn.add(*pair) for pair in zip(even, odd)] + [bn.add(x, bn.neg(y)) for x, y in zip(even, odd)]


def word(number: int) -> bytes:
    return number.to_bytes(32, "little")


def points(many: list[list[int]]) -> bytes:
    return b"".join(word(number * RADIX % p) for point in many for number in point)


def container(magic: bytes, version: int, sections: list[bytes]) -> bytes:
    return magic + struct.pack("<II", version, len(sections)) + b"".join(
        struct.pack("<IQ", index, len(section)) + section for index, section in enumerate(sections, 1))


def witness_file(wires: list[int]) -> bytes:
    header = struct.pack("<I", 32) + word(r) + struct.pack("<I", len(wires))
    return container(b"wtns", 2, [header, b"".join(word(value) for value in wires)])
