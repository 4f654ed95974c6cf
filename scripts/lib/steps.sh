# shellcheck shell=bash
# Words to the user: what runs now, how long it takes, what failed.

say() { printf '%s\n' "$*"; }

fail() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit "${2:-1}"
}

# step TITLE LOG COMMAND...: runs COMMAND with its output in LOG. A terminal shows the last line of LOG and the seconds;
# elsewhere a line comes every 30 s. A failure shows the end of LOG and is this function's status.
step() {
  local title=$1 log=$2 began=$SECONDS told=$SECONDS process status=0 traps
  shift 2
  traps=$(trap -p INT TERM)
  "$@" >"$log" 2>&1 &
  process=$!
  # shellcheck disable=SC2064  # the id of this very process
  trap "kill $process 2>/dev/null || true; wait $process 2>/dev/null || true; exit 130" INT TERM
  while kill -0 "$process" 2>/dev/null; do
    if [ -t 1 ]; then
      printf '\r\033[K%s ... %s s  %s' "$title" $((SECONDS - began)) "$(tail -n 1 "$log" 2>/dev/null | tr -d '\r' | cut -c1-60)"
    elif [ $((SECONDS - told)) -ge 30 ]; then
      told=$SECONDS
      say "$title ... $((SECONDS - began)) s"
    fi
    sleep 0.2
  done
  wait "$process" || status=$?
  trap - INT TERM
  eval "$traps"
  if [ -t 1 ]; then printf '\r\033[K'; fi
  if [ "$status" -eq 0 ]; then
    say "$title: done in $((SECONDS - began)) s"
  else
    say "$title: FAILED with status $status after $((SECONDS - began)) s; the end of $log:"
    tail -n 60 "$log"
  fi
  return "$status"
}
