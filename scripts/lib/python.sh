#!/usr/bin/env bash
# Makes the Python environment in .build/python that tests and benchmarks ask for a second opinion on proofs and on the
# API, and that drives Chromium in tests, and prints its interpreter's path; what it does is told on standard error. Made
# once, and again when Tests/Oracles/requirements.txt changes. `export WC_PYTHON=$(scripts/lib/python.sh)` is all that
# `swift test` needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source scripts/lib/steps.sh
source scripts/lib/install.sh

requirements=Tests/Oracles/requirements.txt
environment=$PWD/.build/python
log=.build/logs/python.log

make_environment() {
  rm -rf "$environment"
  "$1" -m venv "$environment" &&
    "$environment/bin/python" -m pip install --disable-pip-version-check --require-hashes --only-binary :all: -r "$requirements" &&
    "$environment/bin/python" -c 'import groth16py, openapi_spec_validator, opentelemetry.proto, py_ecc.optimized_bn128, schemathesis, selenium' &&
    sha256sum "$requirements" >"$environment/made-from"
}

if ! [ -x "$environment/bin/python" ] || ! cmp -s <(sha256sum "$requirements") "$environment/made-from"; then
  {
    need python3-venv
    mkdir -p .build/logs
    step "Installing what the tests ask of Python" "$log" make_environment "$(python_with_venv)" ||
      fail "no Python environment in .build/python: $log says why. It needs https://pypi.org or a mirror that pip is configured for" 69
  } >&2
fi
printf '%s\n' "$environment/bin/python"
