#!/usr/bin/env bash
# The images of producer, worker, jobctl and frontend: linted, built by podman and run as production runs them (another user, a root
# that cannot be written to, no capabilities).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source scripts/lib/steps.sh
source scripts/lib/install.sh
source ops/tests/containers.sh

work=${WC_STAGE_DIR:-$(mktemp -d)}
mkdir -p "$work"
name=wc-images-$$
trouble=0

wrong() {
  say "WRONG: $1"
  trouble=1
}
# must_fail WHAT COMMAND...: a planted fault has to be seen, or the check above it says nothing.
must_fail() {
  local what=$1
  shift
  local status=0
  "$@" >"$work/planted.log" 2>&1 || status=$?
  case $status in
    0) wrong "a planted fault was not seen: $what" ;;
    126 | 127) wrong "the check for $what did not run at all: $(tail -n 1 "$work/planted.log")" ;;
    *) say "seen as planted: $what" ;;
  esac
}

say "Linting"
hadolint Dockerfile.backend Dockerfile.frontend || wrong "hadolint finds fault with a Dockerfile"
printf 'FROM debian\nRUN cd /tmp && apt-get install -y curl\n' >"$work/Dockerfile.planted"
must_fail "a Dockerfile without versions" hadolint "$work/Dockerfile.planted"
# The keys of zk-builder: what is pinned is taken, what is altered, missing or of development is not.
mkdir -p "$work/keys" "$work/taken"
echo "a proving key" >"$work/keys/membership.zkey"
scripts/pin-keys "$work/keys" >/dev/null
take() { ops/containers/circuit-keys pinned "$work/keys" "$work/taken"; }
take >/dev/null || wrong "pinned circuit keys are not taken"
cmp "$work/keys/membership.zkey" "$work/taken/membership.zkey" || wrong "the circuit key that was taken is another one"
echo x >>"$work/keys/membership.zkey"
must_fail "a circuit key that was altered" take
echo insecure-dev >"$work/keys/membership.zkey"
scripts/pin-keys "$work/keys" >/dev/null
must_fail "a development key among the pinned" take
rm "$work/keys/membership.zkey"
must_fail "a pinned circuit key that is missing" take
say "CHECKED: hadolint on Dockerfile.backend and Dockerfile.frontend"

if ! use_containers "$work"; then
  not_here "the container images" "$why_not"
  exit "$trouble"
fi
need jq curl
# shellcheck disable=SC2317,SC2329  # called by the trap
clean() {
  local status=$?
  [ -z "${poll:-}" ] || kill "$poll" 2>/dev/null || true
  podman ps -aq --filter "label=whispercache-test=$name" | xargs -r env podman rm -f -v -t 0 >/dev/null 2>&1 || true
  podman volume ls -q --filter "label=whispercache-test=$name" | xargs -r env podman volume rm -f >/dev/null 2>&1 || true
  podman network rm -f "$name" >/dev/null 2>&1 || true
  exit "$status"
}
trap clean EXIT
if ! base_debian "$work" || ! base_swift "$work"; then
  not_here "the container images" "${why_not:-no base image can be made}"
  exit "$trouble"
fi

build backend -f Dockerfile.backend || fail "the image of the producer does not build"
build worker -f Dockerfile.backend --target worker || fail "the worker's image does not build"
build worker-keys -f Dockerfile.backend --target worker --build-arg CIRCUIT_KEYS=insecure-dev || fail "circuit keys cannot be built in"
build jobctl -f Dockerfile.backend --target jobctl || fail "the image of jobctl does not build"
build backend-development -f Dockerfile.backend --target development || fail "the development image does not build"
build frontend -f Dockerfile.frontend || fail "the frontend's image does not build"
build frontend-development -f Dockerfile.frontend --target development || fail "the frontend's development image does not build"
must_fail "pinned circuit keys without a manifest" podman build --pull=never --network host "${toolchain[@]}" -f Dockerfile.backend \
  --target zk-builder --build-arg CIRCUIT_KEYS=pinned -t "localhost/whispercache/planted:test" .

base=docker.io/library/debian:bookworm-slim
# As production runs them. The label is what `clean` finds them by.
harden=(--read-only --cap-drop ALL --security-opt no-new-privileges --label "whispercache-test=$name" --pull never)
once() { podman run --rm "${harden[@]}" "$@"; }
inspect() { podman image inspect "$(image "$1")" | jq -r ".[0] | $2"; }
packages() { podman run --rm --pull never --network none --entrypoint dpkg-query "$1" -W -f '${Package}\n' | sort; }

# within_size IMAGE MEGABYTES: how much an image has over its base.
within_size() {
  local over
  over=$(($(inspect "$1" .Size) - $(podman image inspect "$base" | jq '.[0].Size')))
  say "$1: $(awk "BEGIN { printf \"%.1f\", $over / 1e6 }") MB over the base"
  [ "$over" -le $(($2 * 1000000)) ]
}

# only_packages IMAGE PACKAGE...: these and no others come on top of the base, which may have some of them.
only_packages() {
  local image
  image=$(image "$1")
  diff <(comm -13 <(packages "$base") <(packages "$image")) <(comm -13 <(packages "$base") <(printf '%s\n' "${@:2}" | sort))
}

# linked IMAGE PROGRAM: all libraries are found.
linked() {
  local found
  found=$(once --network none --entrypoint ldd "$(image "$1")" "$2") || return 1
  [[ $found == *libc.so* && $found != *"not found"* ]]
}

say "Looking at the images"
# openssl is what ca-certificates needs.
runtime=(ca-certificates libssl3 libstdc++6 openssl tzdata)
for each in backend:producer worker:worker jobctl:jobctl; do
  short=${each%:*} program=${each#*:}
  [ "$(inspect "$short" .Config.User)" = 10001:10001 ] || wrong "$short: the user is not 10001:10001"
  [ "$(once --entrypoint id "$(image "$short")" -u)" = 10001 ] || wrong "$short: does not run as 10001"
  [ "$(inspect "$short" '.Labels["org.opencontainers.image.version"]')" = "$version" ] || wrong "$short: label version"
  [ "$(inspect "$short" '.Labels["org.opencontainers.image.revision"]')" = "$commit" ] || wrong "$short: label revision"
  told=$(once --network none "$(image "$short")" --version) || true
  [[ $told == "$program $version (commit $commit"* ]] || wrong "$short: --version says '$told', not $program $version and $commit"
  linked "$short" "/usr/local/bin/$program" || wrong "$short: a library of $program is missing"
  within_size "$short" 60 || wrong "$short: more than 60 MB over the base"
done
only_packages backend "${runtime[@]}" || wrong "backend: other packages than what producer links (< too much, > missing)"
only_packages worker "${runtime[@]}" || wrong "worker: other packages than what it links (< too much, > missing)"
for short in backend worker frontend backend-development; do
  [ "$(inspect "$short" '.HealthCheck.Test[1] // .Healthcheck.Test[1]')" = /usr/local/bin/healthcheck ] || wrong "$short: no HEALTHCHECK"
done
for tool in bash gzip zstd curl sha256sum redis-server redis-check-rdb redis-cli; do
  once --network none --entrypoint bash "$(image jobctl)" -c "command -v $tool" >/dev/null || wrong "jobctl: $tool is not in its image"
done
for script in backup-redis restore-redis; do
  once --network none --entrypoint "/usr/local/bin/$script" "$(image jobctl)" --help >/dev/null || wrong "jobctl: $script does not run in its image"
done
within_size frontend 60 || wrong "frontend: more than 60 MB over the base"
must_fail "a limit of 5 MB" within_size backend 5
must_fail "a package that is not in the list" only_packages backend ca-certificates
must_fail "a program whose library is missing" linked worker /usr/local/bin/producer
once --network none --entrypoint bash "$(image backend)" -c ': >/usr/local/bin/x' 2>/dev/null && wrong "the root can be written to"
# A producer alone says what production lacks.
status=0
once --network none "$(image backend)" --check >"$work/check.log" 2>&1 || status=$?
[ "$status" -eq 78 ] || wrong "backend without settings: status $status, expected is 78 (production refuses to run without secrets)"

# Slots by the quota of the container, not by the machine.
slots=$(once --network none --cpus 1 -e APP_ENV=development "$(image worker)" --print-config | grep '^CONCURRENCY=' || true)
[[ $slots = CONCURRENCY=1\ * ]] || wrong "a worker with one processor has $slots"

source ops/tests/images/running.sh
exit "$trouble"
