"""Answers one JSON line for each JSON line on standard input: what py_ecc and groth16py make of keys, proofs and circuits.

{"do": "verify", "key", "cases": [{"proof", "signals"}]}    {"verdicts": [{"py_ecc", "groth16py"}]}: true, false or "refused"
{"do": "prove", "r1cs" or "zkey", "wtns"}                   {"key", "proof"}: set up by groth16py, or with the key in the file
{"do": "circom", "source", "folder", "inputs", "signals", "outputs", "files"}
    {"constraints", "key", "proof", "accepted"}, and with "files" {"signals", "zkey", "wtns"}
"""

import json
import os
import sys
from pathlib import Path

import groth16py

import circom_key
import py_ecc_verifier


def verdict(verify, refusals) -> bool | str:
    try:
        return bool(verify())
    except refusals:
        return "refused"


def verify(request: dict) -> dict:
    key = request["key"]
    prepared = groth16py.Verifier(groth16py.VerifyingKey.from_snarkjs(json.dumps(key)))
    return {"verdicts": [{
        "py_ecc": verdict(lambda: py_ecc_verifier.verify(key, case["proof"], case["signals"]), py_ecc_verifier.Refused),
        "groth16py": verdict(
            lambda: prepared.verify_snarkjs(json.dumps(case["proof"]), json.dumps(case["signals"])),
            (groth16py.EncodingError, groth16py.VerificationError)),
    } for case in request["cases"]]}


def proof_text(blob: bytes) -> str:
    """From the order of Ethereum's precompiles, which puts c1 of Fp2 first, to that of snarkjs."""
    word = [str(int.from_bytes(blob[i:i + 32], "big")) for i in range(0, 256, 32)]
    return json.dumps({
        "pi_a": [word[0], word[1], "1"], "pi_b": [[word[3], word[2]], [word[5], word[4]], ["1", "0"]],
        "pi_c": [word[6], word[7], "1"], "protocol": "groth16", "curve": "bn128"})


def prove(request: dict) -> dict:
    if "zkey" in request:
        proving, verifying = groth16py.import_zkey(request["zkey"])
    else:
        proving, verifying = groth16py.setup(request["r1cs"])
    return {"key": verifying.to_json(), "proof": proof_text(groth16py.prove_wtns(proving, request["wtns"]))}


def circom(request: dict) -> dict:
    folder = Path(request["folder"])
    source = folder / "circuit.circom"
    source.write_text(request["source"])
    proving, verifying = groth16py.setup_circom(str(source), [groth16py.circomlib_path(2)])
    proving.save(str(folder / "saved"))
    saved = circom_key.SavedKey((folder / "saved").read_bytes())
    answer = {"constraints": len(saved.constraints), "key": verifying.to_json()}
    # The wires after the outputs are the inputs, public ones first, each in the order of its declaration.
    inputs = {name: int(value) if isinstance(value, str) else [int(item) for item in value]
              for name, value in request["inputs"].items()}
    proof = groth16py.prove(proving, inputs)
    answer["proof"] = proof_text(proof)
    answer["accepted"] = groth16py.Verifier(verifying).verify(proof, [int(word) for word in request["signals"]])
    if request.get("files"):
        flat = [item for value in inputs.values() for item in (value if isinstance(value, list) else [value])]
        wires = saved.solve(flat, request["outputs"])
        answer["signals"] = [str(value) for value in wires[1:saved.public + 1]]
        answer["wtns"], answer["zkey"] = str(folder / "witness.wtns"), str(folder / "circuit.zkey")
        Path(answer["wtns"]).write_bytes(circom_key.witness_file(wires))
        Path(answer["zkey"]).write_bytes(saved.proving_key_file())
    return answer


def main():
    # circom's compiler prints its statistics.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps({"verify": verify, "prove": prove, "circom": circom}[request["do"]](request)), file=answers, flush=True)


main()
