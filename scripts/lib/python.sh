#!/usr/bin/env bash
# Usage: scripts/lib/python.sh [NAME]
#
# Makes a Python environment and prints its interpreter's path; what it does is told on standard error. It is made once, and
# again when its requirements change.
#
# Without NAME it is the one that tests and benchmarks ask for a second opinion on proofs and on the API, and that drives
# Chromium in tests: `export WC_PYTHON=$(scripts/lib/python.sh)` is all that `swift test` needs. A NAME is one of
# ops/tests/requirements, for scripts/verify-ops.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source scripts/lib/steps.sh
source scripts/lib/install.sh

if [ $# -eq 0 ]; then
  title="what the tests ask of Python"
  requirements=Tests/Oracles/requirements.txt
  environment=$PWD/.build/python
  # An import fails here rather than in the middle of the tests.
  imports='import groth16py, openapi_spec_validator, opentelemetry.proto, py_ecc.optimized_bn128, schemathesis, selenium'
else
  title="Python's $1"
  requirements=ops/tests/requirements/$1.txt
  environment=$PWD/.build/python-$1
  imports=''
fi
[ -f "$requirements" ] || fail "there is no $requirements" 2
log=.build/logs/$(basename "$environment").log

make_environment() {
  rm -rf "$environment"
  "$1" -m venv "$environment" &&
    "$environment/bin/python" -m pip install --disable-pip-version-check --require-hashes --only-binary :all: -r "$requirements" &&
    "$environment/bin/python" -c "$imports" &&
    sha256sum "$requirements" >"$environment/made-from"
}

if ! [ -x "$environment/bin/python" ] || ! cmp -s <(sha256sum "$requirements") "$environment/made-from"; then
  {
    need python3-venv
    mkdir -p .build/logs
    step "Installing $title" "$log" make_environment "$(python_with_venv)" ||
      fail "no Python environment in ${environment#"$PWD/"}: $log says why. It needs https://pypi.org or a mirror that pip is configured for" 69
  } >&2
fi
printf '%s\n' "$environment/bin/python"
