"""The steps of deploy-staging.yml and of CI's images, run here: our scripts and a real producer, before a fake kubectl and docker."""

import os
import re
import shutil
from pathlib import Path

import yaml

import fakes
import runner

COMMIT = "0123456789abcdef0123456789abcdef01234567"
NAMES = ("whispercache-backend", "whispercache-worker", "whispercache-frontend")
KUBECONFIG = "apiVersion: v1\nkind: Config\n# secret-of-the-cluster"
FAST = {"HEALTH_DEADLINE": "0", "HEALTH_ANSWERS": "2", "HEALTH_PAUSE": "0.1", "ROLLOUT_TIMEOUT": "1s"}


class Bench:
    """A copy of what the scripts read, so that nothing of the caller's is written over."""

    def __init__(self, root: Path, folder: Path, workflows: dict[str, dict]):
        self.folder, self.workflows, self.root, self.number = folder, workflows, folder / "copy", 0
        self.root.mkdir()
        for name in ("scripts", "k8s"):
            shutil.copytree(root / name, self.root / name)
        fakes.install(folder / "bin")
        self.path = f"{folder / 'bin'}:{os.environ['PATH']}"
        self.kubectl = shutil.which("kubectl") or ""

    def cluster(self, revisions: dict[str, int], changes: list[str]) -> fakes.Cluster:
        self.number += 1
        return fakes.Cluster(self.folder / f"cluster{self.number}", revisions, changes)

    def run(self, workflow: str, job: str, cluster: fakes.Cluster, context: dict, **extra: str) -> runner.Outcome:
        given = {"FAKE": str(cluster.folder), "REAL_KUBECTL": self.kubectl, **extra}
        return runner.run_job(self.workflows[workflow], job, context, self.root, self.path, given)

    def deploy(self, cluster: fakes.Cluster, url: str, **event: str) -> runner.Outcome:
        head = {"conclusion": "success", "event": "push", "head_branch": "develop", "head_sha": COMMIT,
                "head_repository": {"full_name": "Owner/whispercache"}} | event
        context = {
            "github": {"repository": "Owner/whispercache", "repository_owner": "Owner", "event": {"workflow_run": head}},
            "vars": {"STAGING_URL": url}, "secrets": {"STAGING_KUBECONFIG": KUBECONFIG}}
        return self.run("deploy-staging.yml", "deploy", cluster, context, **FAST)


def undone(cluster: fakes.Cluster) -> list[str]:
    return [call.partition("rollout undo ")[2] for call in cluster.calls() if "rollout undo" in call]


def expect(problems: list[str], holds: bool, what: str, outcome: runner.Outcome):
    if not holds:
        problems.append(f"{what}; it ran {outcome.ran}:\n{outcome.output[-1500:]}")


def good_deployment(bench: Bench, url: str) -> list[str]:
    problems, cluster = [], bench.cluster(dict.fromkeys(NAMES, 4), list(NAMES))
    outcome = bench.deploy(cluster, url)
    expect(problems, not outcome.failed, "a deployment that is well fails", outcome)
    expect(problems, not undone(cluster) and "scripts/deploy/rollback" not in outcome.ran, "a deployment that is well is rolled back", outcome)
    if problems:
        return problems
    images = re.findall(r"image: (\S+/(?:backend|worker|frontend|jobctl):\S+)", cluster.read("applied.yaml"))
    wanted = {f"ghcr.io/owner/{name}:{COMMIT}" for name in ("backend", "worker", "frontend", "jobctl")}
    expect(problems, set(images) == wanted, f"what is applied has the images {sorted(set(images))}, not {sorted(wanted)}", outcome)
    namespaces = {item["metadata"].get("namespace") for item in yaml.safe_load_all(cluster.read("applied.yaml"))} - {None}
    expect(problems, namespaces == set(cluster.read("namespaces").split()), f"applied to {namespaces}, waited for in another namespace", outcome)
    expect(problems, cluster.read("kubeconfig").strip() == KUBECONFIG, "kubectl does not get the kubeconfig", outcome)
    expect(problems, cluster.read("kubeconfig-mode").strip() == "600", "others may read the kubeconfig", outcome)
    expect(problems, not Path(cluster.read("kubeconfig-path")).exists(), "the kubeconfig is left behind", outcome)
    expect(problems, "secret-of-the-cluster" not in outcome.output, "the output holds the kubeconfig", outcome)
    waited = [call for call in cluster.calls() if "rollout status" in call]
    expect(problems, len(waited) == len(NAMES), "not every Deployment is waited for", outcome)
    return problems


def bad_deployments(bench: Bench, url: str) -> list[str]:
    """`url` is a producer that has lost its Redis."""
    problems = []
    cluster = bench.cluster(dict.fromkeys(NAMES, 4), ["whispercache-backend"])
    outcome = bench.deploy(cluster, url)
    expect(problems, outcome.failed and outcome.ran[-1] == "scripts/deploy/rollback", "an API that is not well is not rolled back", outcome)
    expect(problems, undone(cluster) == ["deployment/whispercache-backend --to-revision 4"],
           f"what changed, and only that, goes back to the revision before; undone is {undone(cluster)}", outcome)

    cluster = bench.cluster(dict.fromkeys(NAMES, 7), list(NAMES))
    cluster.sign("stuck-whispercache-worker")
    outcome = bench.deploy(cluster, url)
    expect(problems, outcome.failed and "scripts/deploy/health-check" not in outcome.ran, "pods that never come are not noticed", outcome)
    expect(problems, sorted(undone(cluster)) == sorted(f"deployment/{name} --to-revision 7" for name in NAMES),
           f"pods that never come: undone is {undone(cluster)}", outcome)

    cluster = bench.cluster(dict.fromkeys(NAMES, 2), list(NAMES))
    cluster.sign("apply-fails")
    outcome = bench.deploy(cluster, url)
    expect(problems, outcome.failed and not undone(cluster), "a cluster that refuses has nothing to roll back", outcome)

    cluster = bench.cluster({}, list(NAMES))
    outcome = bench.deploy(cluster, url)
    expect(problems, outcome.failed and not undone(cluster) and "nothing to go back to" in outcome.output,
           "a first deployment that fails is rolled back to nothing", outcome)
    return problems


def refused_events(bench: Bench, url: str) -> list[str]:
    problems = []
    for event in ({"conclusion": "failure"}, {"event": "pull_request"}, {"head_branch": "main"},
                  {"head_repository": {"full_name": "Somebody/whispercache"}}):
        outcome = bench.deploy(bench.cluster({}, []), url, **event)
        expect(problems, not outcome.ran, f"{event} is deployed", outcome)
    return problems


def images(bench: Bench) -> list[str]:
    problems, cluster = [], bench.cluster({}, [])
    github = {"github": {"sha": COMMIT, "repository_owner": "Owner", "ref_name": "feature/x", "actor": "somebody", "event_name": "push"},
              "secrets": {"GITHUB_TOKEN": "token-of-the-registry"}}
    outcome = bench.run("ci.yml", "publish", cluster, github)
    expect(problems, outcome.failed and not cluster.calls("docker-calls"), "images that were not built are published", outcome)
    for arch in ("amd64", "arm64"):
        outcome = bench.run("ci.yml", "images", cluster, github | {"matrix": {"arch": arch}})
        expect(problems, not outcome.failed, f"the images for {arch} are not built", outcome)
    outcome = bench.run("ci.yml", "publish", cluster, github)
    expect(problems, not outcome.failed, "what was built is not published", outcome)
    calls = cluster.calls("docker-calls")
    for image in ("backend", "worker", "frontend", "jobctl"):
        built = [call for call in calls if call.startswith("buildx build") and f"whispercache/{image}:" in call]
        expect(problems, len(built) == 2 and all(f"COMMIT={COMMIT}" in call for call in built), f"{image} is not built for both", outcome)
        name = f"ghcr.io/owner/{image}"
        joined = f"buildx imagetools create --tag {name}:{COMMIT} --tag {name}:feature-x {name}:{COMMIT}-amd64 {name}:{COMMIT}-arm64"
        expect(problems, joined in calls, f"{image}: the architectures are not joined under one tag", outcome)
    expect(problems, cluster.read("docker-token").strip() == "token-of-the-registry", "docker gets no token", outcome)
    expect(problems, not any("token-of-the-registry" in text for text in (*calls, outcome.output)), "the token is in an argument or the output", outcome)
    expect(problems, calls[-1] == "logout ghcr.io", "docker stays signed in", outcome)
    cluster.sign("push-fails")
    expect(problems, bench.run("ci.yml", "publish", cluster, github).failed, "a push that fails goes unnoticed", outcome)
    return problems


def deployments_of_a_well_producer(bench: Bench, url: str) -> list[str]:
    return refused_events(bench, url) + good_deployment(bench, url)


# What is shown, by its name, before and after the producer loses its Redis.
WELL = {"images": lambda bench, _: images(bench), "well": deployments_of_a_well_producer}
UNWELL = {"unwell": bad_deployments}
