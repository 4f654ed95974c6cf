# shellcheck shell=bash
# The images, said once: what is built, pushed and deployed. Needs steps.sh.

images=(backend worker frontend jobctl)
# shellcheck disable=SC2034  # for the callers
image_folder=.build/images

# The Dockerfile and the stage of each.
source_of() {
  case $1 in
    backend) echo Dockerfile.backend production ;;
    worker | jobctl) echo Dockerfile.backend "$1" ;;
    frontend) echo Dockerfile.frontend production ;;
    *) fail "there is no image $1; there are ${images[*]}" 2 ;;
  esac
}

# need_set NAME...: each variable is set and not empty, or all that are missing are told at once.
need_set() {
  local name missing=()
  for name in "$@"; do
    [ -n "${!name:-}" ] || missing+=("$name")
  done
  [ "${#missing[@]}" -eq 0 ] || fail "not set: ${missing[*]}; ${0##*/} --help says what they are" 2
}

need_commit() {
  [[ $1 =~ ^[0-9a-f]{7,40}$ ]] || fail "COMMIT is '$1': a commit's digest is due" 2
}
