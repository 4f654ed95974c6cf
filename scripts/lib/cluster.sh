# shellcheck shell=bash
# What the scripts that deploy share. Needs steps.sh; runs in the repository's root.

namespace=${NAMESPACE:-whispercache-staging}
# Those that are replaced by a deployment; Redis and its data stay as they are.
# shellcheck disable=SC2034  # for the callers
deployments=(whispercache-backend whispercache-worker whispercache-frontend)
# Name and revision of each before the deployment, for the way back.
# shellcheck disable=SC2034  # for the callers
before=.build/deploy/before
rollout_timeout=${ROLLOUT_TIMEOUT:-300s}

# use_cluster: the kubeconfig in CLUSTER becomes a file that only this user reads and that goes with this script.
use_cluster() {
  command -v kubectl >/dev/null || fail "kubectl is not in PATH: https://kubernetes.io/docs/tasks/tools/" 69
  [ -n "${CLUSTER:-}" ] || return 0
  cluster_file=$(mktemp)
  trap 'rm -f "$cluster_file"' EXIT
  printf '%s\n' "$CLUSTER" >"$cluster_file"
  export KUBECONFIG=$cluster_file
  unset CLUSTER
}

# revision_of DEPLOYMENT: its revision, nothing when there is no such Deployment.
revision_of() {
  kubectl --namespace "$namespace" get deployment "$1" --ignore-not-found \
    --output 'jsonpath={.metadata.annotations.deployment\.kubernetes\.io/revision}'
}

wait_for_rollout() {
  kubectl --namespace "$namespace" rollout status "deployment/$1" --timeout "$rollout_timeout"
}
