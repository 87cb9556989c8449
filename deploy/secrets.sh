#!/usr/bin/env bash
# Makes the secrets that the overlays refer to, drawn at random; what is there already stays as it is.
#   deploy/secrets.sh [NAMESPACE]     (default: facet; kubectl's own options in KUBECONFIG and the like)
# service-token  between gateway, detector and embedder; two lines while it is being changed
# initial-key    the operator's first key at the gateway's door; others are made with `facet admin keys`
# postgres, s3   of the overlay `cpu`
set -euo pipefail

namespace=${1:-facet}
kubectl get namespace "$namespace" >/dev/null || exit 69

random() {
  openssl rand -hex "$1"
}

# secret NAME KEY VALUE [KEY VALUE]: created and not applied, or a copy would stand in an annotation.
secret() {
  if kubectl --namespace "$namespace" get secret "$1" >/dev/null 2>&1; then
    return
  fi
  {
    printf 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\n  labels:\n    app.kubernetes.io/part-of: facet\nstringData:\n' "$1"
    printf '  %s: "%s"\n' "${@:2}"
  } | kubectl --namespace "$namespace" create -f -
}

secret service-token token "$(random 32)"
secret initial-key key "facet_$(random 8)_$(random 32)"
secret postgres username facet password "$(random 32)"
secret s3 access-key facet secret-key "$(random 32)"
