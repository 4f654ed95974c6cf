# shellcheck shell=bash
# What the scripts need of the system, said once. Needs steps.sh.

# The Debian package of each program or header that is looked for.
package_of() {
  case $1 in
    openssl/ssl.h) echo libssl-dev ;;
    hiredis/hiredis.h) echo libhiredis-dev ;;
    redis-cli) echo redis-tools ;;
    zoneinfo) echo tzdata ;;
    chromedriver) echo chromium-driver ;;
    promtool) echo prometheus ;;
    amtool) echo prometheus-alertmanager ;;
    pgrep) echo procps ;;
    setpriv | setsid | flock) echo util-linux ;;
    *) echo "$1" ;;
  esac
}

# The first Python that can make a virtual environment and has wheels of what the tests need.
python_with_venv() {
  local candidate
  for candidate in python3 python3.14 python3.13 python3.12 python3.11 python3.10 /usr/bin/python3; do
    if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

is_there() {
  case $1 in
    python3-venv) python_with_venv >/dev/null ;;
    python3-yaml) /usr/bin/python3 -c 'import yaml' 2>/dev/null ;;
    # Where podman looks for them; no PATH has the folder.
    netavark | aardvark-dns) [ -x "/usr/lib/podman/$1" ] || [ -x "/usr/libexec/podman/$1" ] ;;
    zoneinfo) [ -e /usr/share/zoneinfo/Europe/Berlin ] ;;
    *.h) compgen -G "/usr/include/$1" >/dev/null || compgen -G "/usr/include/*/$1" >/dev/null || [ -e "/usr/local/include/$1" ] ;;
    # In PATH alone: a script may have a function of this name.
    *) type -P "$1" >/dev/null ;;
  esac
}

# need THING...: makes sure that each program or header is there. On Debian, as root, installs what is missing; else
# says what to install and ends. An installed server package starts no service: policy-rc.d forbids it meanwhile.
need() {
  local thing missing=() policy=/usr/sbin/policy-rc.d own_policy=no
  for thing in "$@"; do
    is_there "$thing" || missing+=("$(package_of "$thing")")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
  if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    fail "missing: ${missing[*]}. Install them first: sudo apt-get install ${missing[*]} (or your system's packages of these names)" 69
  fi
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    own_policy=yes
  fi
  local log status=0
  log=$(mktemp)
  step "Installing ${missing[*]}" "$log" install_packages "${missing[@]}" || status=$?
  if [ "$own_policy" = yes ]; then rm -f "$policy"; fi
  rm -f "$log"
  [ "$status" -eq 0 ] || fail "apt-get could not install ${missing[*]}" 69
}

install_packages() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q update && apt-get -q install -y --no-install-recommends "$@"
}
