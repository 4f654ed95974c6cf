# shellcheck shell=bash
# The second half of images.sh: the images as a system. Sourced by it.

# poll_until SECONDS WHAT COMMAND...: fails the stage when the condition does not come true.
poll_until() {
  local end=$((SECONDS + $1)) what=$2 limit=$1
  shift 2
  until "$@" >"$work/poll.log" 2>&1; do
    if [ "$SECONDS" -ge "$end" ]; then
      say "$what: not within $limit s"
      tail -n 20 "$work/poll.log"
      for container in $(podman ps -aq --filter "label=whispercache-test=$name"); do
        say "-- $(podman inspect --format '{{.Name}} {{.State.Status}}' "$container")"
        podman logs --tail 15 "$container" 2>&1 || true
      done
      fail "$what: not within $limit s"
    fi
    sleep 0.2
  done
  say "$what"
}

# background NAME OPTION... IMAGE ARGUMENT...: a container of this test, with its name as alias in the test's network.
background() { podman run -d --name "$name-$1" --network "$name" --network-alias "$1" "${harden[@]}" "${@:2}" >/dev/null; }
healthy() { podman healthcheck run "$name-$1"; }
port_of() { podman port "$name-$1" "$2/tcp" | sed -n 's/.*://p'; }
# ends_well NAME: SIGTERM (nginx: SIGQUIT) ends it with status 0, in the time that it has.
ends_well() {
  local began=$SECONDS code
  podman stop -t 40 "$name-$1" >/dev/null
  code=$(podman inspect --format '{{.State.ExitCode}}' "$name-$1")
  say "$1: ended with status $code after $((SECONDS - began)) s"
  [ "$code" = 0 ]
}

podman network create --label "whispercache-test=$name" "$name" >/dev/null
key=$(od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n')
settings=(-e APP_ENV=development -e "ENCRYPTION_KEY=$key" -e TEST_KINDS=true -e REDIS_URL=redis://redis:6379/0)
redis_options=(--save '' --appendonly yes --maxmemory-policy noeviction --hash-max-listpack-value 1024 --protected-mode no)
background redis --tmpfs /data:rw,mode=1777 -w /data --entrypoint redis-server "$(image jobctl)" "${redis_options[@]}"
background backend "${settings[@]}" -e LOG_LEVEL=debug -e TRUSTED_PROXIES=10.0.0.0/8 -e VITE_API_URL=x -p 127.0.0.1::4000 "$(image backend)"
background worker "${settings[@]}" "$(image worker-keys)"
# As little memory and room for files as would fail if bodies were stored first.
background frontend --tmpfs /tmp:rw,mode=1777,size=4m --memory 64m -e VITE_API_URL=http://localhost:4000 -p 127.0.0.1::8080 "$(image frontend)"
for part in backend worker frontend; do poll_until 60 "$part is healthy by its HEALTHCHECK" healthy "$part"; done
if podman exec -e METRICS_PORT=1 "$name-backend" /usr/local/bin/healthcheck >/dev/null 2>&1; then
  wrong "the health check says alive of a port where nobody listens"
else
  say "seen as planted: a health check where nobody listens"
fi
front=http://127.0.0.1:$(port_of frontend 8080)
back=http://127.0.0.1:$(port_of backend 4000)

# submit BODY [HEADER]: a job through the frontend.
submit() { curl -sS --max-time 40 -H 'Content-Type: application/json' "${@:2}" -d "$1" "$front/api/v1/jobs"; }
succeeds() { [[ $(submit "$1" -H 'Prefer: wait=20') == *'"state":"succeeded"'* ]]; }
poll_until 30 "a proof of inclusion through the frontend" succeeds '{"kind":"proof.inclusion","payload":{"leaves":["1","2"],"index":0}}'
poll_until 30 "a private memory through the frontend" succeeds \
  '{"kind":"memory.store","payload":{"user":"ada","content":"tea","category":{"finance":false,"health":false,"personal":true}}}'
poll_until 60 "a Groth16 proof with the keys of the image" succeeds \
  '{"kind":"proof.policy","payload":{"witness":{"content":"1","salt":"2"},"flags":{"finance":false,"health":false,"personal":false}}}'
keys=$(podman exec "$name-worker" bash -c 'ls /var/lib/whispercache/proof-keys | grep -c zkey')
[ "$keys" -eq 6 ] || wrong "the worker's image has $keys circuit keys, not 6"

# A call that waits for the longest time there is, while the rest goes on.
late=$(submit '{"kind":"test.noop","payload":{},"delay":"10m"}' | jq -r .id)
curl -sS -o "$work/late.json" -w '%{http_code} %{time_total}' --max-time 90 -H 'Prefer: wait=60' "$front/api/v1/jobs/$late" >"$work/late" &
poll=$!

status_of() { curl -sS -o /dev/null --max-time 10 -w '%{http_code}' "$@"; }
expect_status() {
  local got
  got=$(status_of "${@:2}")
  [ "$got" = "$1" ] || wrong "${*: -1} answered $got through nginx, expected was $1"
}
for path in /metrics /livez /readyz /healthz /metrics/ //metrics /%6detrics /api/../metrics /api/metrics/prometheus /api/metrics/stats /index.html /nothing; do
  expect_status 404 --path-as-is "$front$path"
done
for path in /nginx-health /api /api/health /api/v1/queues /openapi.json /version /problems / /dashboard.css /dashboard.js; do
  expect_status 200 "$front$path"
done
[ "$(status_of "$back/metrics")" = 200 ] || wrong "the backend itself has no /metrics, so a 404 through nginx means nothing"

# headers URL: those that make the page safe, sorted.
headers() { curl -sS -D - -o /dev/null "$1" | tr -d '\r' | grep -iE '^(content-security-policy|referrer-policy|x-content-type-options|cache-control|content-type):' | sort; }
for path in / /dashboard.css /dashboard.js; do
  diff <(headers "$front$path") <(headers "$back$path") || wrong "$path: nginx sends other headers (<) than the producer (>)"
  cmp <(curl -sS "$front$path") <(curl -sS "$back$path") || wrong "$path: nginx has another file than the producer"
done
tag=$(curl -sSI "$front/dashboard.js" | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p')
expect_status 304 -H "If-None-Match: $tag" "$front/dashboard.js"

say "Streams, bodies and addresses through nginx"
curl -sSN --max-time 60 "$front/api/v1/events" >"$work/events" &
events=$!
poll_until 5 "the first event comes at once" grep -q '^event: hello' "$work/events"
submit '{"kind":"test.noop","payload":{}}' >/dev/null
poll_until 5 "the next ones while the stream is open" grep -q '^event: job' "$work/events"
kill "$events" 2>/dev/null || wrong "the event stream had ended"
wait "$events" 2>/dev/null || true

# job MEGABYTES: a job with so long a payload, in the file body.
job() { printf '{"kind":"none","payload":{"x":"%s"}}' "$(printf '%*s' "$1"000000 '' | tr ' ' x)" >"$work/body"; }
post() { curl -sS --max-time 60 -H "Content-Type: $2" --data-binary "@$work/body" "$front$1" || true; }
# The backend refuses it, with the id that it gives each request: nginx has handed it on, in less memory and room than it takes.
job 60
expect_status 413 -D "$work/head" -H 'Content-Type: application/json' --data-binary "@$work/body" "$front/api/v1/jobs"
grep -qi '^x-request-id' "$work/head" || wrong "nginx refused a body of 60 MB itself"
job 70
expect_status 413 -D "$work/head" -H 'Content-Type: application/json' --data-binary "@$work/body" "$front/api/v1/jobs"
if grep -qi '^x-request-id' "$work/head"; then wrong "a body of more than 64 MB reached the backend"; fi
# Longer than any buffer on the way: nginx sends no more of a body once the answer has begun.
awk 'BEGIN { for (i = 0; i < 30000; i++) printf "{\"kind\":\"test.noop\",\"payload\":{},\"ref\":\"%d\"}\n", i }' >"$work/body"
told=$(post /api/v1/jobs/bulk application/x-ndjson | tail -n 1)
[[ $told == *'"total":30000,"accepted":30000'*'"complete":true'* ]] || wrong "a bulk of 30,000 jobs through nginx: $told $(podman logs --tail 3 "$name-frontend" 2>&1)"
rm -f "$work/body"

curl -sS -H 'X-Forwarded-For: 203.0.113.9' "$front/api/v1/jobs/none.0" >/dev/null
peer_told() { podman logs "$name-backend" 2>&1 | grep '"peer":"203.0.113.9"'; }
poll_until 5 "the caller's address reaches the backend's log" peer_told
podman logs "$name-frontend" >"$work/frontend.log" 2>&1
grep -q 'VITE_API_URL: no meaning here' "$work/frontend.log" || wrong "nginx' start says nothing about VITE_API_URL"

say "Waiting for the call that waits as long as the API lets it (55 s)"
wait "$poll" || true
poll=
read -r code seconds <"$work/late" || true
say "a call that waited: status $code after $seconds s"
[ "$code" = 200 ] && [ "${seconds%.*}" -ge 50 ] || wrong "a call that waits for its whole time was cut: $code after $seconds s"

# The address of the restarted backend is another one: something else takes the old one first.
address() { podman inspect --format "{{(index .NetworkSettings.Networks \"$name\").IPAddress}}" "$name-backend"; }
old=$(address)
ends_well backend || wrong "the producer does not end well after SIGTERM"
podman rm "$name-backend" >/dev/null
expect_status 503 "$front/api/v1/queues"
background holder --ip "$old" --entrypoint sleep "$(image jobctl)" 300
background backend "${settings[@]}" "$(image backend)"
[ "$(address)" != "$old" ] || wrong "the backend kept its address, so nothing is shown"
answers() { [ "$(status_of "$front/api/v1/queues")" = 200 ]; }
poll_until 30 "nginx finds the backend at its new address" answers

say "A backup and its restore by the image of jobctl"
background target --tmpfs /data:rw,mode=1777 -w /data --entrypoint redis-server "$(image jobctl)" "${redis_options[@]}"
podman volume create --label "whispercache-test=$name" "$name" >/dev/null
with_backups=(--network "$name" -v "$name:/var/lib/whispercache" --tmpfs /tmp:rw,mode=1777)
once "${with_backups[@]}" "$(image jobctl)" backup /var/lib/whispercache/b.rdb --redis-url redis://redis:6379/0 >"$work/backup.log" 2>&1 ||
  wrong "jobctl backup: $(cat "$work/backup.log")"
# It has to tell the target an address of its own.
once "${with_backups[@]}" --entrypoint bash "$(image jobctl)" -c \
  'exec jobctl restore b.rdb --redis-url redis://target:6379/0 --listen "$(hostname -i)"' >"$work/restore.log" 2>&1 ||
  wrong "jobctl restore: $(cat "$work/restore.log")"
kept=$(podman exec "$name-target" redis-cli exists "wc:{test}:job:$late" 2>&1)
[ "$kept" = 1 ] || wrong "the restored Redis has no job $late: $kept"

# As the daily job of Kubernetes runs it.
once "${with_backups[@]}" -e BACKUP_DIR=/var/lib/whispercache -e REDIS_URL=redis://redis:6379/0 --entrypoint /usr/local/bin/backup-redis \
  "$(image jobctl)" >"$work/backup-redis.log" 2>&1 || wrong "backup-redis in the image of jobctl: $(tail -n 5 "$work/backup-redis.log")"

for part in worker frontend backend; do ends_well "$part" || wrong "$part does not end with status 0"; done
say "REAL: images of producer, worker, jobctl and frontend built by podman, run as user 10001 with a read-only root and no capabilities"
say "REAL: the API, event streams, long polls and the dashboard through the frontend's nginx; a backend that comes back at another address"
say "REAL: a backup and its restore by the image of jobctl"

source ops/tests/images/development.sh
