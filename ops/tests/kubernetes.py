"""Manifests of Kubernetes: checked without a cluster, and against the programs that they run.

Usage: kubernetes.py [--write]
--write copies the files of ops/ into the ConfigMaps that carry them, and ends. Without it this is a stage of scripts/verify-ops, which
says in WC_BIN_DIR where the programs are and in WC_STAGE_DIR where there is room.
"""

import os
import signal
import sys
import tempfile
from pathlib import Path

from kubernetes import (
    adapter, apply, copies, environments, faults, keda, live, network, policy, references, schemas, security, sets, settings, workloads)
from kubernetes.manifests import ROOT, Manifests

SAID = """\
REAL: producer and worker refuse the placeholders of the Kubernetes Secret, and take all other settings of their pods but for proving keys
REAL: the worker HPA's metrics, by prometheus-adapter's rules, on a Prometheus over two producers
REAL: KEDA's length script on the ready list and the running set of a working queue, to nothing left
REAL: a backup by the command and the settings of the CronJob
REAL: kubectl builds all kustomize overlays
CHECKED: Kubernetes manifests against strict schemas of 1.24 and 1.37, checkov, and rules for what schemas miss
CHECKED: kubectl apply -f k8s/ twice, scale and create job --from, against a stand-in for an API server
CHECKED: KEDA for Sentinel and Cluster, and a Redis of others over TLS: manifests alone
NOT HERE: a Kubernetes cluster: pods, NetworkPolicies, Ingress, the HPA, KEDA and prometheus-adapter themselves (no package)
"""


def static_problems(manifests: Manifests, packages: dict, known: dict) -> list[str]:
    """All that is known of one set of manifests without running anything."""
    wrong = schemas.problems(manifests, packages)
    if wrong:
        # The rules below read fields that a schema has vouched for.
        return wrong
    found = []
    for check in (workloads, references, security, network, keda):
        found += check.problems(manifests)
    found += settings.problems(manifests, known)
    if manifests.of_kind("HorizontalPodAutoscaler") and not manifests.of_kind("ScaledObject"):
        found += adapter.problems(manifests, adapter.rules())
    return found


def main() -> int:
    if sys.argv[1:] == ["--write"]:
        print("\n".join(copies.write()) or "the ConfigMaps are up to date")
        return 0
    programs = Path(os.environ["WC_BIN_DIR"])
    stage = Path(os.environ["WC_STAGE_DIR"])
    # So that whoever is told to end ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    packages = {schemas.OLDEST: environments.old_schemas(), schemas.NEWEST: schemas.installed()}
    known = settings.known_names(programs)
    checkov = environments.checkov()

    print("building overlays", flush=True)
    # Kustomize takes relative paths alone, so that the scratch folder lies in the same tree.
    scratch = ROOT / ".build"
    scratch.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kustomize-", dir=scratch) as folder:
        every, problems = sets.all_sets(Path(folder))
    base = every[0]
    problems += sets.links() + copies.problems(sets.texts()) + schemas.foreign_kinds(base)

    print("checking manifests", flush=True)
    for manifests in every:
        problems += [f"{manifests.where}: {problem}" for problem in static_problems(manifests, packages, known)]
        print(f"  {manifests.where}: {len(manifests.objects)} objects", flush=True)

    print("asking checkov", flush=True)
    (stage / "checkov").mkdir()
    for manifests in every:
        (stage / "checkov" / f"{manifests.where.strip('/').translate(str.maketrans('/ ', '--', ','))}.yaml").write_text(faults.dump(manifests))
    planted = faults.base()
    planted.component("worker")["spec"]["containers"][0]["securityContext"]["privileged"] = True
    (stage / "checkov/planted.yaml").write_text(faults.dump(planted))
    passed, failed = policy.findings(checkov, stage / "checkov")
    print(f"  {passed} passed", flush=True)
    if not any(check == "CKV_K8S_16" for check, _, _ in failed.pop("planted", [])):
        problems.append("planted, and not found: checkov says nothing to a privileged container")
    problems += policy.problems(failed)

    print("planting faults", flush=True)
    variants = {name: next(m for m in every if m.where == f"components {name}") for name in sets.VARIANTS}
    problems += faults.problems(lambda planted: static_problems(planted, packages, known), variants)

    print("applying twice", flush=True)
    problems += apply.problems(base)

    if not problems:
        development = next(manifests for manifests in every if manifests.where == "overlays/dev")
        problems += live.problems(base, development, programs, stage)
    if problems:
        print(f"\n{len(problems)} things do not hold:", *dict.fromkeys(problems), sep="\n")
        return 1
    print(SAID, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
