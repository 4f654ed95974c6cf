"""`kubectl apply -f k8s/`, by the real kubectl against a stand-in for an empty API server.

The stand-in has the API's paths and a store, and refuses what comes before its namespace. It has neither defaults nor
validation nor controllers, so that this shows what kubectl sends and in which order, not what a server makes of it.
"""

import base64
import http.server
import json
import os
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

from .manifests import CLUSTER_WIDE, K8S, Manifests, key, labels

KINDS = {
    "v1": ["Namespace", "ConfigMap", "Secret", "ServiceAccount", "Service", "PersistentVolumeClaim"],
    "apps/v1": ["Deployment", "StatefulSet", "DaemonSet"],
    "autoscaling/v2": ["HorizontalPodAutoscaler"],
    "batch/v1": ["CronJob", "Job"],
    "networking.k8s.io/v1": ["Ingress", "NetworkPolicy"],
    "policy/v1": ["PodDisruptionBudget"],
    "rbac.authorization.k8s.io/v1": ["Role", "RoleBinding"],
}


def plural(kind: str) -> str:
    name = kind.lower()
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}es" if name.endswith("s") else f"{name}s"


class Stand(http.server.BaseHTTPRequestHandler):
    """One store for each server: the class attributes of a subclass."""

    store: dict[str, dict]
    created: list[str]

    def answer(self, status: int, body: dict):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def refuse(self, status: int, reason: str, message: str):
        self.answer(status, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "message": message, "code": status})

    def discovery(self, path: str) -> dict | None:
        if path == "/api":
            return {"kind": "APIVersions", "versions": ["v1"]}
        if path == "/apis":
            groups = []
            for version in KINDS.keys() - {"v1"}:
                entry = {"groupVersion": version, "version": version.partition("/")[2]}
                groups.append({"name": version.partition("/")[0], "versions": [entry], "preferredVersion": entry})
            return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}
        version = path.removeprefix("/apis/").removeprefix("/api/")
        if version not in KINDS:
            return None
        resources = [
            {"name": plural(kind), "singularName": kind.lower(), "kind": kind, "namespaced": kind not in CLUSTER_WIDE,
             "verbs": ["create", "get", "list", "patch"]} for kind in KINDS[version]]
        if version == "apps/v1":
            scale = {"kind": "Scale", "group": "autoscaling", "version": "v1", "namespaced": True, "verbs": ["get", "patch", "update"]}
            resources += [scale | {"name": f"{plural(kind)}/scale", "singularName": ""} for kind in ("Deployment", "StatefulSet")]
        return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": resources}

    def scale(self, path: str) -> dict:
        item = self.store[path]
        return {
            "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": {key: item["metadata"][key] for key in ("name", "namespace")},
            "spec": {"replicas": item["spec"].get("replicas", 1)}, "status": {"replicas": item["spec"].get("replicas", 1)}}

    def do_GET(self):
        path = self.path.partition("?")[0]
        if found := self.discovery(path):
            self.answer(200, found)
        elif path in self.store:
            self.answer(200, self.store[path])
        elif path.removesuffix("/scale") in self.store:
            self.answer(200, self.scale(path.removesuffix("/scale")))
        else:
            self.refuse(404, "NotFound", f"{path} not found")

    def do_POST(self):
        path = self.path.partition("?")[0]
        item = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        space = item["metadata"].get("namespace")
        if space and f"/api/v1/namespaces/{space}" not in self.store:
            self.refuse(404, "NotFound", f'namespaces "{space}" not found')
            return
        # As a server does, which keeps no stringData.
        for name, value in item.pop("stringData", {}).items():
            item.setdefault("data", {})[name] = base64.b64encode(value.encode()).decode()
        self.store[f"{path}/{item['metadata']['name']}"] = item
        self.created.append(key(item))
        self.answer(201, item)

    def do_PATCH(self):
        path = self.path.partition("?")[0]
        patch = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if path.endswith("/scale"):
            self.store[path.removesuffix("/scale")]["spec"]["replicas"] = patch["spec"]["replicas"]
            self.answer(200, self.scale(path.removesuffix("/scale")))
        else:
            self.answer(200, self.store[path])

    def log_message(self, *_):
        pass


def empty_server() -> tuple[http.server.ThreadingHTTPServer, type[Stand]]:
    handler = type("Server", (Stand,), {"store": {}, "created": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, handler


def kubectl(server: http.server.ThreadingHTTPServer, home: str, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["kubectl", f"--server=http://127.0.0.1:{server.server_port}", f"--cache-dir={home}/cache-{server.server_port}", *words],
        env={"PATH": os.environ["PATH"], "HOME": home, "KUBECONFIG": "/dev/null"}, capture_output=True, text=True, timeout=120)


def apply(server: http.server.ThreadingHTTPServer, place: Path, home: str) -> subprocess.CompletedProcess:
    return kubectl(server, home, "apply", "--validate=false", "-f", str(place))


def command_problems(server: http.server.ThreadingHTTPServer, handler: type[Stand], home: str) -> list[str]:
    """Two commands of the operations guide, on what was applied."""
    found = []
    space = "/namespaces/whispercache"
    done = kubectl(server, home, "-n", "whispercache", "scale", "deployment", "whispercache-backend", "--replicas=5")
    scaled = handler.store[f"/apis/apps/v1{space}/deployments/whispercache-backend"]["spec"].get("replicas")
    if done.returncode or scaled != 5:
        found.append(f"kubectl scale deployment whispercache-backend --replicas=5: {scaled} {done.stderr}")
    # Shown, not sent: kubectl sends it as protobuf, which a stand-in does not read.
    done = kubectl(
        server, home, "-n", "whispercache", "create", "job", "--from=cronjob/db-backup", "by-hand", "--dry-run=client", "-o", "json")
    made = json.loads(done.stdout or "{}").get("spec", {}).get("template", {})
    wanted = handler.store[f"/apis/batch/v1{space}/cronjobs/db-backup"]["spec"]["jobTemplate"]["spec"]["template"]
    if labels(made or {"metadata": {}}) != labels(wanted) or made.get("spec", {}).get("volumes") != wanted["spec"]["volumes"]:
        found.append(f"kubectl create job --from=cronjob/db-backup by-hand: {made} {done.stderr}")
    return found


def problems(base: Manifests) -> list[str]:
    found = []
    with tempfile.TemporaryDirectory(prefix="wc-apply-") as home:
        server, handler = empty_server()
        first = apply(server, K8S, home)
        if first.returncode or handler.created != [key(item) for item in base.objects]:
            found.append(f"kubectl apply -f k8s/ on an empty server made {handler.created}: {first.stderr}")
        again = apply(server, K8S, home)
        # Two are always sent again: a Secret's stringData, which no server keeps, and a budget's selector, which is replaced as a whole.
        resent = ("secret/", "poddisruptionbudget.policy/")
        changed = [line for line in again.stdout.splitlines() if not line.endswith(" unchanged") and not line.startswith(resent)]
        if again.returncode or changed or len(again.stdout.splitlines()) != len(base.objects):
            found.append(f"kubectl apply -f k8s/ a second time: {changed} {again.stderr}")
        if not found:
            found += command_problems(server, handler, home)
        server.shutdown()

        for name, prepare, part in (
                ("without its Namespace", without_namespace, "not found"), ("with a kustomization.yaml", with_kustomization, "no matches for kind")):
            place = Path(home) / name
            shutil.copytree(K8S / "base", place, ignore=shutil.ignore_patterns("kustomization.yaml"))
            prepare(place)
            server, _ = empty_server()
            done = apply(server, place, home)
            server.shutdown()
            if done.returncode == 0 or part not in done.stderr:
                found.append(f"planted, and not found: k8s/ {name} is applied: {done.stderr}")
    return found


def without_namespace(place: Path):
    (place / "00-namespace.yaml").unlink()


def with_kustomization(place: Path):
    shutil.copy(K8S / "base/kustomization.yaml", place)
