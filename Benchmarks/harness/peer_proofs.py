"""Times groth16py or py_ecc, in the Python environment of scripts/lib/python.sh: milliseconds of processor time an operation.

peer_proofs.py prove|verify|verify-py_ecc FOLDER CIRCUIT SECONDS; the folder is that of `Bench proof-files`.
"""

import json
import sys
import time
from pathlib import Path

import groth16py

operation, folder, circuit, seconds = sys.argv[1], Path(sys.argv[2]), sys.argv[3], float(sys.argv[4])
text = {name: (folder / f"{circuit}.{name}.json").read_text() for name in ["key", "proof", "public"]}

if operation == "prove":
    proving, verifying = groth16py.import_zkey(str(folder / f"{circuit}.zkey"))
    witness = str(folder / f"{circuit}.wtns")
    signals = [int(word) for word in json.loads(text["public"])]
    if not groth16py.Verifier(verifying).verify(groth16py.prove_wtns(proving, witness), signals):
        sys.exit("groth16py's own proof does not verify")
    work = lambda: groth16py.prove_wtns(proving, witness)
elif operation == "verify":
    verifier = groth16py.Verifier(groth16py.VerifyingKey.from_snarkjs(text["key"]))
    work = lambda: verifier.verify_snarkjs(text["proof"], text["public"]) or sys.exit("groth16py refuses our proof")
else:
    sys.path.insert(0, str(Path(__file__).parents[2] / "Tests/Oracles"))
    import py_ecc_verifier

    def work():
        for memory in [py_ecc_verifier.pairing, py_ecc_verifier.in_subgroup, py_ecc_verifier.term]:
            memory.cache_clear()
        if not py_ecc_verifier.verify(*(json.loads(text[name]) for name in ["key", "proof", "public"])):
            sys.exit("py_ecc refuses our proof")

# The time of all threads: arkworks has its own even when it is told to use one.
work()
count, start = 0, time.process_time()
while (spent := time.process_time() - start) < seconds or count == 0:
    work()
    count += 1
print(json.dumps({"ms": spent * 1e3 / count}))
