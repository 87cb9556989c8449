#!/usr/bin/env bash
# The secrets that the overlays refer to, drawn at random; what is there already stays as it is.
#   deploy/secrets.sh [NAMESPACE] | kubectl apply -f -
# service-token  between gateway, detector and embedder; two lines while it is being changed
# initial-key    the first administrator's key at the gateway's door; others are made with `facet admin`
# postgres, s3   of the overlay `cpu`
set -euo pipefail

namespace=${1:-facet}

there() {
  kubectl -n "$namespace" get secret "$1" >/dev/null 2>&1
}

random() {
  openssl rand -hex 32
}

# secret NAME KEY VALUE [KEY VALUE]
secret() {
  if there "$1"; then
    return
  fi
  printf -- '---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\n  namespace: %s\n  labels:\n    app.kubernetes.io/part-of: facet\nstringData:\n' \
    "$1" "$namespace"
  shift
  printf '  %s: %s\n' "$@"
}

if ! kubectl get namespace "$namespace" >/dev/null 2>&1; then
  echo "secrets.sh: no namespace $namespace; kubectl apply -f deploy/base/namespace.yaml makes it" >&2
  exit 69
fi
secret service-token token "$(random)"
secret initial-key key "facet_$(random)"
secret postgres password "$(random)"
secret s3 access-key facet secret-key "$(random)"
