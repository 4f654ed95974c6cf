"""Groth16's equation by py_ecc: e(A, B) = e(alpha, beta) e(inputs, gamma) e(C, delta)."""

from functools import cache

from py_ecc import optimized_bn128 as bn

FQ, FQ2, p, r = bn.FQ, bn.FQ2, bn.field_modulus, bn.curve_order
# A pairing takes 0.2 s, and statements that differ in one signal share three of their four.
pairing = cache(lambda q, point: bn.pairing(as_g2(q), as_g1(point)))


class Refused(Exception):
    """The statement or the proof is not even well-formed."""


def number(text: str, modulus: int) -> int:
    if not text.isascii() or not text.isdigit() or int(text) >= modulus:
        raise Refused("not a number of the field")
    return int(text)


def as_g1(point):
    return tuple(FQ(value) for value in point)


def as_g2(point):
    return tuple(FQ2(value) for value in point)


def g1(words: list[str]) -> tuple:
    point = tuple(number(word, p) for word in words)
    if point[2] != 1 or not bn.is_on_curve(as_g1(point), bn.b):
        raise Refused("not a point of G1")
    return point


def g2(words: list[list[str]]) -> tuple:
    point = tuple(tuple(number(word, p) for word in pair) for pair in words)
    if point[2] != (1, 0) or not bn.is_on_curve(as_g2(point), bn.b2) or not in_subgroup(point):
        raise Refused("not a point of G2")
    return point


@cache
def in_subgroup(point) -> bool:
    return bn.is_inf(bn.multiply(as_g2(point), r))


@cache
def term(point, signal: int) -> tuple:
    return bn.multiply(as_g1(point), signal)


def verify(key: dict, proof: dict, signals: list[str]) -> bool:
    if (key["protocol"], key["curve"], proof["protocol"], proof["curve"]) != ("groth16", "bn128") * 2:
        raise Refused("another protocol or curve")
    if len(signals) != key["nPublic"] or len(key["IC"]) != len(signals) + 1:
        raise Refused("another number of signals")
    inputs = as_g1(g1(key["IC"][0]))
    for point, signal in zip(key["IC"][1:], signals, strict=True):
        inputs = bn.add(inputs, term(g1(point), number(signal, r)))
    inputs = tuple(value.n for value in (*bn.normalize(inputs), FQ(1)))
    return pairing(g2(proof["pi_b"]), g1(proof["pi_a"])) == (
        pairing(g2(key["vk_beta_2"]), g1(key["vk_alpha_1"]))
        * pairing(g2(key["vk_gamma_2"]), inputs)
        * pairing(g2(key["vk_delta_2"]), g1(proof["pi_c"])))
