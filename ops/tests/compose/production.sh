# shellcheck shell=bash
# The profile production: secrets as files, TLS in front. Sourced by compose.sh.

secrets=$work/secrets
mkdir -p "$secrets" "$work/proof-keys"
jobctl() { podman run --rm -i --pull never --network none -v "$secrets:/secrets:ro" "$(image jobctl)" "$@"; }
jobctl keys encryption >"$secrets/encryption_key"
jobctl keys payload - <"$secrets/encryption_key" >"$secrets/payload_key"
jobctl keys jwt >"$secrets/jwt_secret"
jobctl keys api ci --scopes jobs:read,jobs:write >"$work/api"
token=$(sed -n 1p "$work/api")
sed -n 2p "$work/api" >"$secrets/api_keys"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
  -keyout "$secrets/tls.key" -out "$secrets/tls.crt" 2>"$work/openssl.log" || fail "no certificate: $(cat "$work/openssl.log")"
# No key of a ceremony is here, and production takes no other, so its worker has to refuse.
printf '{"version":1,"keys":[]}\n' >"$work/proof-keys/manifest.json"
chown -R 10001:10001 "$secrets" "$work/proof-keys"
chmod 500 "$secrets"
chmod 400 "$secrets"/*
chmod 755 "$work/proof-keys"
# A part of the network that no other of this machine's containers has.
export SECRETS_DIR=$secrets PROOF_KEYS=$work/proof-keys PRODUCTION_SUBNET=10.$((RANDOM % 100 + 100)).$((RANDOM % 250)).0/24

production() { compose --profile production up -d --no-build frontend-production worker-production; }
step "podman-compose --profile production up frontend-production worker-production" "$work/up.log" production || fail "production does not start"
secure() { curl -sS --cacert "$secrets/tls.crt" --max-time 40 "$@"; }
site=https://localhost:$TLS_PORT
code() { secure -o /dev/null -w '%{http_code}' "$@"; }
is_ready() { [ "$(code -H "Authorization: Bearer $token" "$site/api/v1/queues")" = 200 ]; }
poll_until 60 "production answers over TLS to who has a key" is_ready
[ "$(code "$site/api/v1/queues")" = 401 ] || wrong "production answers without a key"
[ "$(code "$site/metrics")" = 404 ] || wrong "production shows its metrics outside"
secure -D "$work/head" -o /dev/null "$site/"
grep -qi '^strict-transport-security' "$work/head" || wrong "no Strict-Transport-Security"
[ "$(code -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d "$memory" "$site/api/v1/jobs")" = 202 ] ||
  wrong "production does not take a private job from who has a key"
refuses() { podman logs "$(container worker-production)" 2>&1 | grep 'zkey is not in manifest.json'; }
poll_until 40 "a worker of production refuses to work without keys of a ceremony" refuses
if podman ps -q --filter "label=com.docker.compose.project=$project" --filter label=com.docker.compose.service=backend | grep -q .; then
  wrong "production starts development's backend too"
fi
limit=$(podman inspect --format '{{.HostConfig.Memory}}' "$(container worker-production)")
[ "$limit" -eq $((1 << 30)) ] || wrong "a worker of production has $limit bytes as limit"
if podman exec "$(container backend-production)" bash -c 'ls /run/secrets/encryption_key' >/dev/null 2>&1; then wrong "the producer holds the key over the memories"; fi
if podman exec "$(container redis-production)" bash -c 'exec 3<>/dev/tcp/deb.debian.org/80' >/dev/null 2>&1; then wrong "Redis of production has a way out"; fi
say "REAL: the profile production of docker-compose.yml by podman-compose: TLS, tokens, secrets as files, limits, no way out for Redis, no worker without ceremony keys"
