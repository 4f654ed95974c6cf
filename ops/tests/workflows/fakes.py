"""Stand-ins for what is not here: a cluster behind kubectl, and docker with a registry. They write down each call.

The fake kubectl knows a revision for each Deployment, raises those that `changes` names when something is applied, and renders the
overlay with the real kubectl, so that what would reach a cluster can be looked at.
"""

from pathlib import Path

KUBECTL = r"""#!/usr/bin/env bash
set -euo pipefail
printf '%s\n' "$*" >>"$FAKE/calls"
if [ "${1:-}" = --namespace ]; then printf '%s\n' "$2" >>"$FAKE/namespaces"; shift 2; fi
case "$1 ${2:-}" in
  "get deployment") cat "$FAKE/revision-$3" 2>/dev/null || true ;;
  "apply --kustomize")
    stat -c %a "$KUBECONFIG" >"$FAKE/kubeconfig-mode"
    cat "$KUBECONFIG" >"$FAKE/kubeconfig"
    printf '%s' "$KUBECONFIG" >"$FAKE/kubeconfig-path"
    "$REAL_KUBECTL" kustomize "$3" >"$FAKE/applied.yaml"
    if [ -e "$FAKE/apply-fails" ]; then echo "error: the cluster refuses" >&2; exit 1; fi
    while read -r name; do
      old=$(cat "$FAKE/revision-$name" 2>/dev/null || echo 0)
      echo $((old + 1)) >"$FAKE/revision-$name"
    done <"$FAKE/changes"
    ;;
  "rollout status") [ ! -e "$FAKE/stuck-${3#deployment/}" ] || { echo "error: timed out" >&2; exit 1; } ;;
  "rollout undo") rm -f "$FAKE/stuck-${3#deployment/}" ;;
  *) echo "the fake kubectl knows no $*" >&2; exit 2 ;;
esac
"""
DOCKER = r"""#!/usr/bin/env bash
set -euo pipefail
printf '%s\n' "$*" >>"$FAKE/docker-calls"
case $1 in
  login) cat >"$FAKE/docker-token" ;;
  save) echo "image" >"$3" ;;
  load) [ -f "$3" ] ;;
  push) [ ! -e "$FAKE/push-fails" ] || exit 1 ;;
  buildx | tag | logout) ;;
  *) echo "the fake docker knows no $*" >&2; exit 2 ;;
esac
"""


class Cluster:
    """The state of the fakes in a folder of its own."""

    def __init__(self, folder: Path, revisions: dict[str, int], changes: list[str]):
        self.folder = folder
        folder.mkdir()
        for name, revision in revisions.items():
            (folder / f"revision-{name}").write_text(f"{revision}\n")
        (folder / "changes").write_text("".join(f"{name}\n" for name in changes))
        for name in ("calls", "docker-calls"):
            (folder / name).touch()

    def sign(self, name: str):
        (self.folder / name).touch()

    def calls(self, of: str = "calls") -> list[str]:
        return (self.folder / of).read_text().splitlines()

    def read(self, name: str) -> str:
        return (self.folder / name).read_text()


def install(folder: Path):
    folder.mkdir()
    for name, text in (("kubectl", KUBECTL), ("docker", DOCKER)):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
