# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154  # why_not is for the caller; work is the caller's
# Containers where no registry can be reached: podman with a store of its own, and base images made from Debian's packages. Needs
# steps.sh and install.sh; sourced by images.sh and compose.sh in the repository's root.

# Images stay here for the next run; the store of whoever runs this is not touched. `rm -rf` after `podman system reset` undoes it.
container_store=${WC_CONTAINER_STORE:-/var/lib/containers/whispercache}

# not_here WHAT WHY: said loudly, as nothing of WHAT was shown then. The words after NOT HERE are the same whatever the reason.
not_here() {
  say "!!! $1: $2"
  say "NOT HERE: $1, where podman or base images cannot be had"
}

# Without systemd podman complains at each start that it sets no timer for health checks; the tests run those themselves.
podman() { command podman "$@" 2> >(grep -v 'unable to get systemd connection' >&2); }

# use_containers FOLDER: points podman to our own store and settings, which lie in FOLDER. Status 1 with `why_not` set when podman
# cannot run here.
use_containers() {
  local folder=$1
  why_not=
  if [ "$(id -u)" -ne 0 ]; then
    why_not="root is needed for podman's store and networks"
    return 1
  fi
  need jq podman buildah runc netavark aardvark-dns debootstrap iptables
  mkdir -p "$container_store/networks"
  cat >"$folder/storage.conf" <<TEXT
[storage]
driver = "overlay"
graphroot = "$container_store/store"
runroot = "$container_store/run"
TEXT
  # Without CAP_SYS_RESOURCE the usual limits cannot be set. crun does not start in a hybrid hierarchy of control groups, runc does.
  cat >"$folder/containers.conf" <<TEXT
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
[network]
network_backend = "netavark"
network_config_dir = "$container_store/networks"
TEXT
  export CONTAINERS_STORAGE_CONF=$folder/storage.conf CONTAINERS_CONF=$folder/containers.conf BUILDAH_FORMAT=docker
  if ! podman info >"$folder/podman-info.log" 2>&1; then
    why_not="podman does not run: $(tail -n 1 "$folder/podman-info.log")"
    return 1
  fi
}

# The files that the official slim image leaves out too, so that sizes over the base are what they would be.
make_debian() {
  local root=$1
  debootstrap --variant=minbase bookworm "$root" &&
    find "$root/usr/share/doc" -type f ! -name copyright -delete &&
    rm -rf "$root"/usr/share/{man,locale,info}/* "$root"/var/cache/apt/*.bin "$root"/var/cache/apt/archives/*.deb \
      "$root"/var/lib/apt/lists/* "$root"/var/log/* &&
    cat >"$root/etc/dpkg/dpkg.cfg.d/slim" <<'TEXT' &&
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/man/*
path-exclude /usr/share/locale/*
TEXT
    cat >"$root/etc/apt/sources.list" <<'TEXT' &&
deb http://deb.debian.org/debian bookworm main
deb http://deb.debian.org/debian bookworm-updates main
deb http://deb.debian.org/debian-security bookworm-security main
TEXT
    tar -C "$root" -c . | podman import --change 'CMD ["bash"]' - docker.io/library/debian:bookworm-slim
}

# base_debian FOLDER: debian:bookworm-slim, made by debootstrap unless the store has it.
base_debian() {
  local folder=$1 status=0
  ! podman image exists docker.io/library/debian:bookworm-slim || return 0
  step "Making debian:bookworm-slim with debootstrap" "$folder/debootstrap.log" make_debian "$folder/debian" || status=$?
  rm -rf "$folder/debian"
  return "$status"
}

# base_swift FOLDER: swift:6.3-bookworm stands for this machine's own toolchain, which is mounted while images are built; sets
# `toolchain` to the option that does so. Status 1 with `why_not` set when there is none.
base_swift() {
  local folder=$1 swift usr
  swift=$(command -v swift) || {
    why_not="no swift in PATH"
    return 1
  }
  usr=$(dirname "$(dirname "$(readlink -f "$swift")")")
  toolchain=(-v "$usr:$usr:ro")
  mkdir -p "$folder/swift"
  cat >"$folder/swift/Dockerfile" <<TEXT
FROM docker.io/library/debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates binutils gcc git libc6-dev libcurl4 libedit2 \
  libncurses6 libpython3.11 libsqlite3-0 libstdc++-12-dev libxml2 libz3-4 pkg-config tzdata zlib1g-dev && rm -rf /var/lib/apt/lists/*
ENV PATH=$usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
TEXT
  step "Making swift:6.3-bookworm for the toolchain of this machine" "$folder/swift.log" \
    podman build --pull=never --network host -t docker.io/library/swift:6.3-bookworm "$folder/swift"
}

# base_redis FOLDER: redis:7-bookworm from Debian's package, with the uid and the folder that the official image has.
base_redis() {
  local folder=$1
  ! podman image exists docker.io/library/redis:7-bookworm || return 0
  mkdir -p "$folder/redis"
  cat >"$folder/redis/Dockerfile" <<'TEXT'
FROM docker.io/library/debian:bookworm-slim
RUN groupadd --gid 999 redis && useradd --uid 999 --gid 999 --no-create-home redis && apt-get update \
  && apt-get install -y --no-install-recommends redis-server && rm -rf /var/lib/apt/lists/* && install -d -o 999 -g 999 /data
VOLUME /data
WORKDIR /data
TEXT
  step "Making redis:7-bookworm from Debian's package" "$folder/redis.log" \
    podman build --pull=never --network host -t docker.io/library/redis:7-bookworm "$folder/redis"
}

version=$(sed -nE 's/.*static let version = "([^"]+)".*/\1/p' Sources/Service/Lifecycle/BuildInfo.swift)
commit=$(git rev-parse HEAD 2>/dev/null || echo 0000000000000000000000000000000000000000)
toolchain=()
image() { echo "localhost/whispercache/$1:test"; }
# build NAME OPTION...: an image of the repository, with the network for apt and without a registry. Its log is in $work.
build() {
  local labels
  # A cached step is taken for the same though an argument in it has another value now: an image of another commit must go first.
  labels=$(podman image inspect "$(image "$1")" 2>/dev/null |
    jq -r '.[0].Labels | "\(.["org.opencontainers.image.version"]) \(.["org.opencontainers.image.revision"])"') || labels=none
  if [ "$labels" != "$version $commit" ]; then podman rmi -f "$(image "$1")" >/dev/null 2>&1 || true; fi
  step "Building the image $1" "$work/build-$1.log" podman build --pull=never --network host --format docker "${toolchain[@]}" \
    --build-arg "VERSION=$version" --build-arg "COMMIT=$commit" "${@:2}" -t "$(image "$1")" .
}
