# shellcheck shell=bash
# The development image: a small package is built in it, changed, and built again. Sourced by running.sh.

sources=$work/package
mkdir -p "$sources/Sources/producer"
cat >"$sources/Package.swift" <<'TEXT'
// swift-tools-version: 6.2
import PackageDescription
let package = Package(name: "small", targets: [.executableTarget(name: "producer")])
TEXT
# says WORD: a program that says WORD and stays.
says() { printf 'import Glibc\nprint("%s")\nfflush(nil)\nsignal(SIGTERM) { _ in exit(0) }\nwhile true { pause() }\n' "$1" >"$sources/Sources/producer/main.swift"; }
says first
chmod -R a+rX "$sources"
podman run -d --name "$name-development" --label "whispercache-test=$name" --pull never --network none --cap-drop ALL --read-only \
  --tmpfs /tmp:rw,mode=1777 "${toolchain[@]}" -v "$sources:/src:ro" \
  "$(image backend-development)" >/dev/null
logged() { podman logs "$name-development" 2>&1 | grep "$1" >/dev/null; }
poll_until 120 "the development image builds and runs a program" logged '^first$'
printf 'no swift' >"$sources/Sources/producer/main.swift"
poll_until 120 "a fault in the source leaves the old program running" logged 'does not build'
logged 'ended with status' && wrong "the old program was ended for a new one that does not build"
says second
poll_until 120 "a change is built and run" logged '^second$'
ends_well development || wrong "the development image does not end with status 0"
say "REAL: the development image builds a package and does so again after a change"
