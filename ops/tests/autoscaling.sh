#!/usr/bin/env bash
# Autoscaling: the rules on known points, a burst under both controllers over real processes, and faults that must be noticed.
set -euo pipefail
source scripts/lib/steps.sh
source scripts/lib/install.sh

folder=${WC_STAGE_DIR:-$(mktemp -d)}
python=python3
if ! "$python" -c 'import yaml' 2>/dev/null; then
  need python3-yaml
  python=/usr/bin/python3
fi
need redis-server pgrep

say "Known points of the HPA's and KEDA's rules"
"$python" -B ops/autoscale/test_controllers.py

say "A burst of 20,000 jobs of 5 ms under the HPA, then under KEDA"
scripts/autoscale-sim --keep-busy both

# caught STATUS TEXT ARGUMENT...: the simulation must end with STATUS and say TEXT.
caught() {
  local expected=$1 text=$2 status=0
  shift 2
  scripts/autoscale-sim "$@" >"$folder/fault.log" 2>&1 || status=$?
  if [ "$status" -ne "$expected" ] || ! grep -qF -- "$text" "$folder/fault.log"; then
    grep -vE '^(hpa|keda) +[0-9]+ s here' "$folder/fault.log" >&2 || true
    fail "autoscale-sim $*: ended with $status, not $expected and '$text'"
  fi
  say "Noticed: $text"
}

say "Faults that must be noticed"
caught 78 "is not there; name the folder" --manifests "$folder/none"
caught 1 "1 are lost" --controller keda --jobs 4000 --speed 60 --margin 5 --fault lose-one
caught 1 "is the bound. Replicas: 1 now, 1 at most" --controller keda --fault never-up

# Fifty running jobs for a replica, as for waiting ones: replicas that work would be taken away.
mkdir -p "$folder/greedy"
cp -R k8s/. "$folder/greedy/"
sed -i -E '/listName:.*:running/{n;s/listLength:.*/listLength: "50"/}' "$folder/greedy/keda/scaledobject.yaml"
caught 1 "keda: WRONG: 2 replicas with" --controller keda --manifests "$folder/greedy" --keep-busy keda

say "Ctrl-C in the middle"
status=0
scripts/autoscale-sim --controller keda >"$folder/stopped.log" 2>&1 &
simulation=$!
trap 'kill "$simulation" 2>/dev/null || true' EXIT
deadline=$((SECONDS + 120))
until grep -qE '^keda .*[1-9][0-9]* replicas$' "$folder/stopped.log"; do
  kill -0 "$simulation" 2>/dev/null || fail "autoscale-sim ended before it was stopped: $(tail -n 3 "$folder/stopped.log")"
  [ "$SECONDS" -lt "$deadline" ] || fail "autoscale-sim had no replica within 120 s"
  sleep 0.1
done
mapfile -t children < <(pgrep -P "$simulation")
kill -INT "$simulation"
wait "$simulation" || status=$?
[ "$status" -eq 130 ] || fail "autoscale-sim ended with $status after SIGINT, not 130"
[ "${#children[@]}" -ge 3 ] || fail "autoscale-sim had only ${#children[@]} processes when it was stopped"
for child in "${children[@]}"; do
  if kill -0 "$child" 2>/dev/null; then fail "process $child of autoscale-sim is still there after SIGINT"; fi
done
say "All ${#children[@]} processes ended"

say "REAL: a burst of 20,000 jobs under the rules of the HPA and of KEDA: real workers are started and stopped, no job is lost"
say "CHECKED: the rules of the HPA and of KEDA against known points, and that the manifests keep replicas that work"
say "NOT HERE: the HPA's controller and KEDA themselves (they need a cluster)"
