"""Faults that are planted one by one into the manifests: each must be found, or the check that should find it finds nothing."""

import copy

import yaml

from . import adapter, copies, policy, schemas, sets
from .manifests import Manifests, read


class Quiet(yaml.SafeDumper):
    """No aliases: readers of manifests do not take them."""

    def ignore_aliases(self, data):
        return True


def dump(manifests: Manifests) -> str:
    return yaml.dump_all(manifests.objects, Dumper=Quiet, sort_keys=False)


def base() -> Manifests:
    found, _ = sets.from_texts(sets.texts())
    return found


def put(kind: str, name: str, path: str, value):
    """A fault that writes `value` at `path`; a path ends in + to append, and the value is ... to delete."""

    def plant(manifests: Manifests):
        place = manifests.find(kind, name)
        steps = [int(step) if step.isdigit() else step for step in path.rstrip("+").split(".")]
        for step in steps[:-1]:
            place = place[step]
        if path.endswith("+"):
            place[steps[-1]].append(value)
        elif value is ...:
            del place[steps[-1]]
        else:
            place[steps[-1]] = value

    return plant


POD = "spec.template.spec"
BACKEND, WORKER, REDIS = ("Deployment", "whispercache-backend"), ("Deployment", "whispercache-worker"), ("StatefulSet", "whispercache-redis")
BACKUP, CONFIG = ("CronJob", "db-backup"), ("ConfigMap", "whispercache-config")
JOB = "spec.jobTemplate.spec.template.spec"
WEB_RULE = {"ports": [{"protocol": "TCP", "port": 443}]}

# What is planted, and a part of what must be said.
FAULTS = [
    ("an unknown field", put(*BACKEND, f"{POD}.containers.0.readinesProbe", {}), "Kubernetes 1.24"),
    ("a field of later than 1.24", put(*BACKEND, f"{POD}.containers.0.resizePolicy", []), "Kubernetes 1.24"),
    ("text for a number", put(*BACKEND, "spec.revisionHistoryLimit", "5"), "revisionHistoryLimit"),
    ("an API that is gone", put("HorizontalPodAutoscaler", "whispercache-backend-hpa", "apiVersion", "autoscaling/v2beta2"), "1.37 knows no"),
    ("a quantity", put(*BACKEND, f"{POD}.containers.0.resources.limits.cpu", "100mm"), "the quantity '100mm'"),
    ("no memory limit", put(*WORKER, f"{POD}.containers.0.resources.limits.memory", ...), "no limit of memory"),
    ("a request over its limit", put(*WORKER, f"{POD}.containers.0.resources.requests.memory", "1Gi"), "request 1Gi > limit"),
    ("storage", put("PersistentVolumeClaim", "loki-data", "spec.resources.requests.storage", "20GB"), "the quantity '20GB'"),
    ("a schedule", put(*BACKUP, "spec.schedule", "0 99 * * *"), "the schedule"),
    ("a schedule of six fields", put(*BACKUP, "spec.schedule", "0 0 2 * * *"), "the schedule"),
    ("a time zone", put(*BACKUP, "spec.timeZone", "Europe/Nowhere"), "the time zone"),
    ("backups at once", put(*BACKUP, "spec.concurrencyPolicy", "Allow"), "two of it may run"),
    ("a selector", put(*BACKEND, "spec.selector.matchLabels", {"app.kubernetes.io/component": "back"}), "does not choose its own pods"),
    ("a probe's port", put(*BACKEND, f"{POD}.containers.0.readinessProbe.httpGet.port", "metric"), "which it does not open"),
    ("no liveness probe", put(*WORKER, f"{POD}.containers.0.livenessProbe", ...), "has no livenessProbe"),
    ("a spread of others", put(*WORKER, f"{POD}.topologySpreadConstraints.0.labelSelector.matchLabels", {"a": "b"}), "spreads other pods"),
    ("a port by settings", put(*CONFIG, "data.METRICS_PORT", "9091"), "METRICS_PORT is 9091"),
    ("the API's port", put(*CONFIG, "data.PORT", "4001"), "PORT is 4001"),
    ("too little grace", put(*BACKEND, f"{POD}.terminationGracePeriodSeconds", 30), "terminationGracePeriodSeconds 30 <="),
    ("a longer stop", put(*CONFIG, "data.SHUTDOWN_TIMEOUT", "40s"), "SHUTDOWN_TIMEOUT 40s"),
    ("no preStop", put(*WORKER, f"{POD}.containers.0.lifecycle", ...), "has no preStop"),
    ("replicas beside an HPA", put(*BACKEND, "spec.replicas", 2), "an autoscaler has its replicas"),
    ("min over max", put("HorizontalPodAutoscaler", "whispercache-worker-hpa", "spec.minReplicas", 30), "minReplicas 30 >"),
    ("an HPA of nothing", put("HorizontalPodAutoscaler", "whispercache-worker-hpa", "spec.scaleTargetRef.name", "worker"), "which is not there"),
    ("a budget with both", put("PodDisruptionBudget", "whispercache-backend", "spec.maxUnavailable", 1), "needs one of"),
    ("a budget that blocks", put("PodDisruptionBudget", "whispercache-backend", "spec.minAvailable", 2), "no node could be emptied"),
    ("a budget of nobody", put("PodDisruptionBudget", "whispercache-worker", "spec.selector.matchLabels", {"a": "b"}), "chooses no pods"),
    ("a rolling single volume", put("Deployment", "loki", "spec.strategy", {"type": "RollingUpdate"}), "needs strategy Recreate"),
    ("another namespace", put(*REDIS, "metadata.namespace", "default"), "its namespace 'default'"),
    ("a generated name", put(*CONFIG, "metadata.generateName", "whispercache-"), "no fixed name"),
    ("a name", put("Service", "loki", "metadata.name", "Loki_1"), "is not one of DNS"),
    ("the namespace last", lambda m: m.objects.append(m.objects.pop(0)), "comes before its Namespace"),
    ("an object twice", lambda m: m.objects.append(copy.deepcopy(m.objects[-1])), "is there twice"),
    ("redis that forgets", put("ConfigMap", "whispercache-redis-config", "data", {"redis.conf": "appendonly yes\nmaxmemory 1mb\n"}),
     "maxmemory-policy"),
    ("redis without room", put(*REDIS, f"{POD}.containers.0.resources.limits.memory", "1Gi"), "leaves no room"),
    ("a lost account", put(*WORKER, f"{POD}.serviceAccountName", "default"), "ServiceAccount/default is not there"),
    ("a lost claim", put(*WORKER, f"{POD}.volumes.1.persistentVolumeClaim.claimName", "keys"), "PersistentVolumeClaim/keys"),
    ("a lost ConfigMap", put(*WORKER, f"{POD}.containers.0.envFrom.0.configMapRef.name", "config"), "ConfigMap/config is not there"),
    ("a lost key of a Secret", put("Secret", "whispercache-secrets", "stringData.JWT_SECRET", ...), "has no key JWT_SECRET"),
    ("a lost key of a ConfigMap", put(*CONFIG, "data.REDIS_URL", ...), "has no key REDIS_URL"),
    ("a mount of nothing", put(*WORKER, f"{POD}.containers.0.volumeMounts.0.name", "secret"), "which is no volume"),
    ("a service of nobody", put("Service", "whispercache-worker", "spec.selector", {"a": "b"}), "chooses no pods"),
    ("a service of two", put("Service", "whispercache-worker", "spec.selector", {"app.kubernetes.io/name": "whispercache"}), "workloads"),
    ("a service's port", put("Service", "whispercache-frontend", "spec.ports.0.targetPort", 80), "none of its pods'"),
    ("an ingress to nothing", put(
        "Ingress", "whispercache", "spec.rules.0.http.paths.0.backend.service.port.name", "web"), "has no port web"),
    ("an ingress without TLS", put("Ingress", "whispercache", "spec.tls.0.hosts", ["a.example"]), "has no TLS"),
    ("metrics outside", put("Ingress", "whispercache", "spec.rules.0.http.paths.0.path", "/metrics"), "brings metrics outside"),
    ("an origin", put(*CONFIG, "data.CORS_ORIGINS", "localhost"), "may not call the API"),
    ("a role for everything", put("Role", "whispercache-discovery", "rules.0.verbs", ["*"]), "a rule for everything"),
    ("a role for Secrets", put("Role", "whispercache-discovery", "rules.0.resources+", "secrets"), "reads Secrets"),
    ("a lost role", put("RoleBinding", "whispercache-discovery", "roleRef.name", "discovery"), "is not there"),
    ("root", put(*WORKER, f"{POD}.securityContext.runAsUser", 0), "may run as root"),
    ("root by default", put(*WORKER, f"{POD}.securityContext.runAsNonRoot", ...), "may run as root"),
    ("no seccomp", put(*BACKEND, f"{POD}.securityContext.seccompProfile", ...), "no seccomp profile"),
    ("more privileges", put(*BACKUP, f"{JOB}.containers.0.securityContext.allowPrivilegeEscalation", True), "may gain privileges"),
    ("capabilities", put("Deployment", "loki", f"{POD}.containers.0.securityContext.capabilities", {"add": ["SYS_ADMIN"]}), "keeps capabilities"),
    ("a writable root", put(*REDIS, f"{POD}.containers.0.securityContext.readOnlyRootFilesystem", False), "writes to its root"),
    ("a path of the host", put(*WORKER, f"{POD}.volumes+", {"name": "host", "hostPath": {"path": "/"}}), "a volume of kind hostPath"),
    ("service links", put(*WORKER, f"{POD}.enableServiceLinks", ...), "variables of every Service"),
    ("a token", put(*BACKEND, f"{POD}.automountServiceAccountToken", True), "token is mounted"),
    ("the latest image", put(*BACKEND, f"{POD}.containers.0.image", "ghcr.io/whispercache/backend:latest"), "no fixed version"),
    ("an open namespace", put("Namespace", "whispercache", "metadata.labels", {}), "does not enforce"),
    ("a variable that nobody reads", put(*CONFIG, "data.WORKER_THREADS", "4"), "reads WORKER_THREADS"),
    ("a variable of another program", put(*BACKEND, f"{POD}.containers.0.env+", {"name": "CONCURRENCY", "value": "2"}), "does not read CONCURRENCY"),
    ("a variable of backups", put(*BACKUP, f"{JOB}.containers.0.env+", {"name": "BACKUP_DAYS", "value": "7"}), "does not read BACKUP_DAYS"),
    ("redis refuses backups", put(
        "NetworkPolicy", "redis", "spec.ingress.0.from.0.podSelector.matchExpressions.0.values", ["backend", "worker"]),
     "backup -> redis:6379/TCP does not get in"),
    ("no way to redis", put("NetworkPolicy", "worker", "spec.egress", []), "worker -> redis:6379/TCP does not get out"),
    ("a wrong port to redis", put("NetworkPolicy", "backend", "spec.egress.0.ports.0.port", 6380), "backend -> redis:6379/TCP does not get out"),
    ("no names", put("NetworkPolicy", "allow-dns", "spec.egress.0.ports.0.protocol", "TCP"), "53/UDP does not get out"),
    ("an open redis", put("NetworkPolicy", "redis", "spec.ingress.0.from", []), "stranger -> redis:6379/TCP is let through"),
    ("no default", put("NetworkPolicy", "default-deny", "spec.policyTypes", ["Ingress"]), "none denies both"),
    ("frontends at redis", put("NetworkPolicy", "frontend", "spec.egress.0", WEB_RULE), "frontend -> outside:443/TCP is let through"),
    ("metrics for all", put("NetworkPolicy", "backend", "spec.ingress.1.from+", {"namespaceSelector": {}}), "stranger -> backend:9090"),
    ("a policy of nobody", put("NetworkPolicy", "worker", "spec.podSelector.matchLabels", {"a": "b"}), "chooses no pods"),
    ("a metric that the adapter lacks", put(
        "HorizontalPodAutoscaler", "whispercache-worker-hpa", "spec.metrics.0.external.metric.name", "whispercache_ready"), "offers no"),
    ("a queue that no worker takes", put(*CONFIG, "data.QUEUES", "proof:6"), "which no worker takes"),
    ("a queue that no metric has", put(*CONFIG, "data.QUEUES", "proof:6,memory:3,mail:1"), "is asked of"),
    ("slots that nobody counts", put(
        *WORKER, f"{POD}.containers.0.env.0.value", "4"), "a worker's CONCURRENCY is 4"),
]


FAULTS += [
    ("a label", put(*CONFIG, "metadata.labels", {"app": "whisper cache"}), "the label app cannot be"),
    ("pods without a component", put(*WORKER, "spec.template.metadata.labels", {"app.kubernetes.io/name": "whispercache"}), "have no label"),
    ("a folder's size", put("Deployment", "loki", f"{POD}.volumes.2.emptyDir.sizeLimit", "1 GB"), "the quantity '1 GB' of temporary"),
    ("a job that restarts for ever", put(*BACKUP, f"{JOB}.restartPolicy", "Always"), "restartPolicy of a Job"),
    ("a metric's quantity", put(
        "HorizontalPodAutoscaler", "whispercache-worker-hpa", "spec.metrics.0.external.target.averageValue", "fifty"), "quantity 'fifty'"),
    ("no maxmemory", put(
        "ConfigMap", "whispercache-redis-config", "data",
        {"redis.conf": "appendonly yes\nmaxmemory-policy noeviction\nhash-max-listpack-value 1024\n"}), "maxmemory is None"),
    ("a lost Secret", put(*BACKEND, f"{POD}.volumes.0.secret.secretName", "secrets"), "Secret/secrets is not there"),
    ("a volume for nobody", put(*BACKEND, f"{POD}.containers.0.volumeMounts", []), "is mounted nowhere"),
    ("a set without its Service", put(*REDIS, "spec.serviceName", "redis"), "Service/redis is not there"),
    ("an ingress without a Service", put(
        "Ingress", "whispercache", "spec.rules.0.http.paths.0.backend.service.name", "frontend"), "Service/frontend is not there"),
    ("an account that is not there", put(
        "RoleBinding", "whispercache-discovery", "subjects.0", {"kind": "ServiceAccount", "name": "who", "namespace": "whispercache"}),
     "ServiceAccount/who is not there"),
    ("the host's network", put(*WORKER, f"{POD}.hostNetwork", True), "hostNetwork is on"),
    ("a port of the host", put(*BACKEND, f"{POD}.containers.0.ports.0.hostPort", 4000), "opens a port of the host"),
    ("privileges", put(*BACKEND, f"{POD}.containers.0.securityContext.privileged", True), "may gain privileges"),
    ("a port that nobody opens", put("Deployment", "whispercache-frontend", f"{POD}.containers.0.ports.0.containerPort", 80),
     "nothing listens there"),
    ("an image that nobody knows", put(*WORKER, f"{POD}.containers.0.image", "ghcr.io/whispercache/runner:1"), "nobody knows the image"),
]


def scaled(path: str, value):
    return put("ScaledObject", "whispercache-worker", path, value)


TLS = "external-redis and keda/tls"
KEDA_FAULTS = [
    ("keda", "two autoscalers", lambda m: m.objects.append(base().find("HorizontalPodAutoscaler", "whispercache-worker-hpa")),
     "two autoscalers fight"),
    ("keda", "a number as metadata", scaled("spec.triggers.0.metadata.listLength", 50), "is not of type 'string'"),
    ("keda", "an unknown field", scaled("spec.minReplicas", 0), "minReplicas"),
    ("keda", "a key that no trigger reads", scaled("spec.triggers.0.metadata.listlength", "50"), "does not read listlength"),
    ("keda", "busy pods that nobody counts", scaled("spec.triggers.1", ...), "no trigger counts wc:{proof}:running"),
    ("keda", "slots", scaled("spec.triggers.1.metadata.listLength", "50"), "is not the worker's CONCURRENCY"),
    ("keda", "a target that is not there", scaled("spec.scaleTargetRef.name", "worker"), "which is not there"),
    ("keda", "more at least than at most", scaled("spec.minReplicaCount", 21), "minReplicaCount > maxReplicaCount"),
    ("keda", "words for a number", scaled("spec.triggers.0.metadata.listLength", "fifty"), "is no number"),
    ("keda", "another type", scaled("spec.triggers.0.type", "redis-list"), "is called redis-list"),
    ("keda", "no list", scaled("spec.triggers.0.metadata.listName", ...), "needs listName"),
    ("keda/sentinel", "no master", scaled("spec.triggers.0.metadata.sentinelMaster", ...), "needs sentinelMaster"),
    ("keda/sentinel", "lost authentication", scaled("spec.triggers.0.authenticationRef.name", "redis"),
     "TriggerAuthentication/redis is not there"),
    ("keda/cluster", "a database", scaled("spec.triggers.0.metadata.databaseIndex", "0"), "does not read databaseIndex"),
    ("keda/cluster", "no address", scaled("spec.triggers.0.metadata.addresses", ...), "needs an address"),
    (TLS, "no way out", put("NetworkPolicy", "to-external-redis", "spec.egress", []), "worker -> redis:6379/TCP does not get out"),
    (TLS, "TLS twice", scaled("spec.triggers.0.metadata.enableTLS", "true"), "together are refused"),
    (TLS, "a parameter", put("TriggerAuthentication", "whispercache-redis", "spec.secretTargetRef.0.parameter", "pass"), "the parameter pass"),
]

TEXT_FAULTS = [
    ("a boolean of YAML 1.1", lambda text: text.replace("KEY_PREFIX: wc", "KEY_PREFIX: y"), "is a boolean in YAML 1.1"),
    ("a key twice", lambda text: text.replace("  KEY_PREFIX: wc\n", "  KEY_PREFIX: wc\n  KEY_PREFIX: wk\n"), "comes twice"),
    ("no YAML", lambda text: text.replace("  KEY_PREFIX: wc\n", "  KEY_PREFIX: [wc\n"), "deployment.yaml"),
]


def problems(check, variants: dict[str, Manifests]) -> list[str]:
    """`check` says what is wrong with a set of manifests; `variants`: the base with each form of KEDA."""
    found, caught = [], 0

    def expect(name: str, said: list[str], part: str):
        nonlocal caught
        if any(part in problem for problem in said):
            caught += 1
        else:
            found.append(f"planted, and not found: {name} (wanted: {part}; said: {said[:3]})")

    for name, plant, part in FAULTS:
        planted = copy.deepcopy(base())
        plant(planted)
        expect(name, check(planted), part)
    for variant, name, plant, part in KEDA_FAULTS:
        planted = copy.deepcopy(variants[variant])
        plant(planted)
        expect(f"{variant}: {name}", check(planted), part)
    for name, change, part in TEXT_FAULTS:
        expect(name, read(change(sets.texts()["deployment.yaml"]), "deployment.yaml")[1], part)

    texts = sets.texts()
    texts["alertmanager-deployment.yaml"] = texts["alertmanager-deployment.yaml"].replace("receiver: default-email", "receiver: nobody")
    expect("another copy", copies.problems(texts), "run ops/tests/kubernetes.py --write")
    foreign = Manifests("planted", [{"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": {"name": "a"}}])
    expect("a foreign kind", schemas.foreign_kinds(foreign), "no API of an empty cluster")
    rules = copy.deepcopy(adapter.rules())
    rules[0]["metricsQuery"] = "sum by (queue) (whispercache_queue_jobs{<<.LabelMatchers>>})"
    expect("replicas added up", adapter.problems(base(), rules), "adds up what every replica shows")
    expect("a policy of checkov", policy.problems({"planted": [("CKV_K8S_16", "Deployment.a", "privileged")]}), "CKV_K8S_16")
    print(f"  {caught} planted faults were found", flush=True)
    return found
