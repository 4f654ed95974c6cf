#!/usr/bin/env bash
# docker-compose.yml: against the specification, then `backend frontend redis` started by podman-compose as a developer would.
# shellcheck disable=SC2317,SC2329  # functions are called by step, poll_until and the trap
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source scripts/lib/steps.sh
source scripts/lib/install.sh
source ops/tests/containers.sh

work=${WC_STAGE_DIR:-$(mktemp -d)}
mkdir -p "$work"
trouble=0
wrong() {
  say "WRONG: $1"
  trouble=1
}

need jq curl openssl
say "Checking docker-compose.yml"
schema() { check-jsonschema --builtin-schema vendor.compose-spec "$1"; }
schema docker-compose.yml >"$work/schema.log" || wrong "the compose specification's schema: $(cat "$work/schema.log")"
sed 's/^    ports:$/    portz:/' docker-compose.yml >"$work/planted.yml"
if schema "$work/planted.yml" >/dev/null; then wrong "a planted key that does not exist was not seen"; else say "seen as planted: a key that does not exist"; fi
for profiles in "" "--profile monitoring" "--profile production" "--profile monitoring --profile production"; do
  # shellcheck disable=SC2086  # options
  docker-compose $profiles config -q || wrong "docker-compose $profiles config"
done
docker-compose --profile monitoring --profile production config --format json >"$work/config.json"
python3 ops/tests/compose/check_services.py "$work/config.json" || wrong "a service is not as it should be"
python3 ops/tests/compose/check_services.py --planted "$work/config.json" || wrong "a planted fault of a service was not seen"
say "CHECKED: docker-compose.yml by the schema of compose and by docker-compose's own reader, profiles monitoring and production with it"
say "NOT HERE: the containers of Grafana, Loki and the collector (their images need a registry)"

if ! use_containers "$work"; then
  not_here "the stack of docker-compose.yml" "$why_not"
  exit "$trouble"
fi
if ! base_debian "$work" || ! base_swift "$work" || ! base_redis "$work"; then
  not_here "the stack of docker-compose.yml" "${why_not:-no base image can be made}"
  exit "$trouble"
fi
# Nothing is done again where the stage of images has built them.
build backend -f Dockerfile.backend || fail "the image of the producer does not build"
build worker -f Dockerfile.backend --target worker || fail "the worker's image does not build"
build jobctl -f Dockerfile.backend --target jobctl || fail "the image of jobctl does not build"
build frontend -f Dockerfile.frontend || fail "the frontend's image does not build"

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
BACKEND_PORT=$(free_port) BACKEND_METRICS_PORT=$(free_port) FRONTEND_PORT=$(free_port) TLS_PORT=$(free_port)
# podman has no json-file driver for reading with its own tools; k8s-file is its own.
export BACKEND_PORT BACKEND_METRICS_PORT FRONTEND_PORT TLS_PORT IMAGE_PREFIX=localhost/whispercache TAG=test TEST_KINDS=true LOG_DRIVER=k8s-file
project=wccompose$$
# What waits for a container that never comes does so for ever.
compose() { timeout 150 podman-compose -p "$project" -f docker-compose.yml "$@"; }
clean() {
  local status=$?
  compose --profile production down -v -t 5 >"$work/down.log" 2>&1 || true
  podman ps -aq --filter "label=com.docker.compose.project=$project" | xargs -r env podman rm -f -t 0 >/dev/null 2>&1 || true
  exit "$status"
}
trap clean EXIT

# up: the words of the operations guide; the worker and the key come along.
up() { compose up -d --no-build backend frontend redis; }
poll_until() {
  local end=$((SECONDS + $1)) what=$2 limit=$1
  shift 2
  until "$@" >"$work/poll.log" 2>&1; do
    if [ "$SECONDS" -ge "$end" ]; then
      tail -n 5 "$work/poll.log" "$work"/up.log
      for each in $(podman ps -aq --filter "label=com.docker.compose.project=$project"); do
        say "-- $(podman inspect --format '{{.Name}} {{.State.Status}}' "$each")"
        podman logs --tail 10 "$each" 2>&1 | cut -c1-300 || true
      done
      fail "$what: not within $limit s"
    fi
    sleep 0.2
  done
  say "$what"
}
container() { podman ps -aq --filter "label=com.docker.compose.project=$project" --filter "label=com.docker.compose.service=$1" | sed -n 1p; }

front=http://127.0.0.1:$FRONTEND_PORT
submit() { curl -fsS --max-time 40 -H 'Content-Type: application/json' "${@:2}" -d "$1" "$front/api/v1/jobs"; }
succeeds() { [[ $(submit "$1" -H 'Prefer: wait=20') == *'"state":"succeeded"'* ]]; }
state_is() { [ "$(curl -fsS "$front/api/v1/jobs/$1" | jq -r .state)" = "$2" ]; }
memory='{"kind":"memory.store","payload":{"user":"ada","memory_id":"m-kept","content":"tea","category":{"finance":false,"health":false,"personal":true}}}'
recall='{"kind":"memory.recall","payload":{"user":"ada","memory_id":"m-kept"}}'

step "podman-compose up backend frontend redis" "$work/up.log" up || fail "the stack does not start"
poll_until 60 "the frontend answers" curl -fsS "$front/nginx-health"
poll_until 60 "curl http://localhost:4000/api/health" curl -fsS "http://localhost:$BACKEND_PORT/api/health"
curl -fsS "http://localhost:$BACKEND_PORT/api/metrics/stats" | jq -e .stats.memory >/dev/null || wrong "/api/metrics/stats has no .stats.memory"
curl -fsS "http://localhost:$BACKEND_METRICS_PORT/metrics" | grep '^whispercache_build_info' >/dev/null || wrong "no metrics on their own port"
poll_until 60 "a proof of inclusion through the frontend" succeeds '{"kind":"proof.inclusion","payload":{"leaves":["1","2"],"index":0}}'
poll_until 30 "a memory is stored" succeeds "$memory"
poll_until 30 "a memory is read" succeeds "$recall"
[ "$(podman exec "$(container worker)" id -u)" = 10001 ] || wrong "the worker does not run as 10001"
for service in backend worker frontend redis; do
  podman exec "$(container "$service")" bash -c ': >/etc/x' 2>/dev/null && wrong "$service: the root can be written to"
  caps=$(podman exec "$(container "$service")" grep CapEff /proc/1/status)
  [[ $caps =~ 0000000000000000 ]] || wrong "$service has capabilities: $caps"
done
for name in whispercache-backend:9090 whispercache-worker:9090; do
  podman exec "$(container frontend)" bash -c "exec 3<>/dev/tcp/${name/://}" || wrong "$name, which Prometheus scrapes, is not found"
done

# A job that runs when its worker is killed runs again.
job=$(submit '{"kind":"test.sleep","payload":{"ms":3000}}' | jq -r .id)
poll_until 20 "a job runs" state_is "$job" running
podman kill -s KILL "$(container worker)" >/dev/null
poll_until 20 "its worker is gone" bash -c "[ \"\$(podman inspect --format '{{.State.Running}} {{.RestartCount}}' $(container worker))\" != 'true 0' ]"
# What does not restart by itself under this engine is started as an operator would.
podman start "$(container worker)" >/dev/null
poll_until 60 "the job of the killed worker succeeds" state_is "$job" succeeded
[ "$(curl -fsS "$front/api/v1/jobs/$job" | jq .deliveries)" -ge 2 ] || wrong "the job of the killed worker was not delivered again"

step "podman-compose down, then up again" "$work/downup.log" compose down -t 40 || wrong "the stack does not end well"
step "podman-compose up backend frontend redis" "$work/up.log" up || fail "the stack does not start again"
poll_until 60 "the job is still there" state_is "$job" succeeded
poll_until 60 "the memory of before opens with the key of before" succeeds "$recall"
step "podman-compose down" "$work/downup.log" compose down -v -t 40 || wrong "the stack does not end well"
say "REAL: the stack backend, frontend, redis of docker-compose.yml with its worker, by podman-compose: jobs, a killed worker, data after down and up"

source ops/tests/compose/production.sh
exit "$trouble"
