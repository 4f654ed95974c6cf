# shellcheck shell=bash
# The Swift toolchain and the release programs. Needs steps.sh; runs in the repository's root.

oldest_swift=6.2

require_swift() {
  local version
  command -v swift >/dev/null ||
    fail "swift is not in PATH: install Swift $oldest_swift or newer from https://www.swift.org/install/linux/" 69
  version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' | sed -n 1p)
  [ -n "$version" ] || fail "swift --version names no version; is the toolchain whole?" 69
  [ "$(printf '%s\n%s\n' "$oldest_swift" "$version" | sort -V | sed -n 1p)" = "$oldest_swift" ] ||
    fail "Swift $version is too old: this needs Swift $oldest_swift or newer, https://www.swift.org/install/linux/" 69
}

# The release programs have a scratch path of their own, so that debug and release builds do not undo each other.
release_options=(-c release --static-swift-stdlib --scratch-path .build-release)

# build_programs LOG: builds producer, worker and jobctl; sets `programs` to their folder.
build_programs() {
  local program
  for program in producer worker jobctl; do
    step "Building $program (release)" "$1" swift build "${release_options[@]}" --product "$program" || return
  done
  # shellcheck disable=SC2034  # for the caller
  programs=$(swift build "${release_options[@]}" --show-bin-path)
}
