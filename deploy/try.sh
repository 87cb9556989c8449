#!/usr/bin/env bash
# Facet on a real Kubernetes: images loaded, the overlays `laptop` and `cpu` applied, a photo enrolled and found
# through the Service, then calls counted while pods are rolled, killed and stopped, and the autoscaler seen to act.
#   deploy/try.sh [options]
#       --overlay NAME    laptop, cpu or both (default: both)
#       --seconds N       length of a rolling restart's row; the other rows take a third (default: 180)
#       --rate R          calls a second meanwhile (default: 20)
#       --rows LIST       of restart,kill,stop,scale (default: all)
#       --without-drain   retries and drain off: calls must fail, or the script has shown nothing
#       --images DIR      archives NAME-TAG.tar (default: target/images; what is missing there is built)
#       --load COMMAND    gives the cluster one archive, such as `kind load image-archive` (default: for the cluster
#                         that this script starts)
#       --out DIR         where reports and logs go (default: target/try)
#       --keep            leave everything running
# The cluster is the one that KUBECONFIG names; without it, one node is started with $FACET_SHARED/kubernetes/up.sh.
# The machine must reach the addresses of Services. Photos: $FACET_SHARED/photos, or FACET_TRY_PHOTOS.
# Needs kubectl, jq, podman (for images that are missing).
# Exit codes: 0 as it should be, 1 calls failed (or, without drain, none did), 2 usage, 69 something is missing.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
home=$(cd "$here/.." && pwd)
shared=${FACET_SHARED:-$home/../shared}
tag=$(sed -n 's:^  <version>\(.*\)</version>:\1:p' "$home/pom.xml" | head -1)
tag=${tag%-SNAPSHOT}

say() { echo "try.sh: $*" >&2; }
fail() { say "${@:2}"; exit "$1"; }
usage() { sed -n '2,/^set /p' "$here/try.sh" | sed -n 's/^# \{0,1\}//p'; exit "$1"; }

overlay=both seconds=180 rate=20 rows=restart,kill,stop,scale drain=yes images=$home/target/images load="" out=$home/target/try keep=""
while (($#)); do
  case $1 in
    --help) usage 0 ;;
    --without-drain) drain=no; shift; continue ;;
    --keep) keep=yes; shift; continue ;;
    --overlay | --seconds | --rate | --rows | --images | --load | --out) (($# > 1)) || usage 2 >&2 ;;
    *) usage 2 >&2 ;;
  esac
  case $1 in
    --overlay) overlay=$2 ;;
    --seconds) seconds=$2 ;;
    --rate) rate=$2 ;;
    --rows) rows=$2 ;;
    --images) images=$2 ;;
    --load) load=$2 ;;
    --out) out=$2 ;;
  esac
  shift 2
done
[[ $overlay =~ ^(laptop|cpu|both)$ ]] || fail 2 "--overlay is laptop, cpu or both, is '$overlay'"
[[ $seconds =~ ^[0-9]+$ ]] && ((seconds >= 30)) || fail 2 "--seconds is 30 or more, is '$seconds'"
command -v jq >/dev/null || fail 69 "jq is not installed"
photos=${FACET_TRY_PHOTOS:-$shared/photos}
photo=$(find "$photos" -maxdepth 1 -name '*.jpg' -printf '%s %p\n' 2>/dev/null | sort -n | head -1 | cut -d' ' -f2-)
[[ -n $photo ]] || fail 69 "no photo NAME.jpg in $photos (FACET_TRY_PHOTOS)"
mkdir -p "$out" "$images"

# ---- the cluster
ours="" applied=""
cluster() {
  if [[ -n ${KUBECONFIG:-} ]]; then
    kubectl get nodes >/dev/null || fail 69 "the cluster that KUBECONFIG names does not answer"
    if [[ -f /run/facet-kubernetes/env && -z $load ]]; then load=$shared/kubernetes/load.sh; fi
  else
    [[ -x $shared/kubernetes/up.sh ]] || fail 69 "no KUBECONFIG, and no $shared/kubernetes/up.sh to start a cluster with"
    [[ -f /run/facet-kubernetes/env ]] || ours=yes
    say "starting a cluster of one node (the first time it is built, for seven minutes)"
    "$shared/kubernetes/up.sh" >"$out/up.log" 2>&1 || fail 69 "the cluster did not start: $out/up.log"
    # shellcheck source=/dev/null
    . /run/facet-kubernetes/env
    load=${load:-$shared/kubernetes/load.sh}
  fi
  say "$(kubectl version | tail -1), $(kubectl get nodes --no-headers | wc -l) node(s)"
  # What somebody has there is not ours to apply over and to remove.
  if kubectl get namespace facet >/dev/null 2>&1 && [[ -z $(kubectl get namespaces -l facet.dev/try,kubernetes.io/metadata.name=facet -o name) ]]; then
    fail 69 "the cluster has a namespace facet that this script did not make"
  fi
}

finish() {
  [[ -z ${loading:-} ]] || kill "$loading" 2>/dev/null || true
  [[ -z $keep ]] || return 0
  [[ -z $applied ]] || kubectl delete namespace facet --ignore-not-found >/dev/null 2>&1 || true
  [[ -z $ours ]] || "$shared/kubernetes/down.sh" >/dev/null 2>&1 || true
}

# ---- images
archive() { # NAME-TAG IMAGE
  [[ -f $images/$1.tar ]] || podman save --quiet --format oci-archive --output "$images/$1.tar" "$2"
}

images() {
  local name missing=()
  for name in detector embedder gateway cli; do
    [[ -f $images/$name-$tag.tar ]] || missing+=(--only "$name")
  done
  if ((${#missing[@]})); then
    say "building images"
    "$here/images/build.sh" --output "$images" "${missing[@]}" >"$out/images.log" 2>&1 || fail 69 "no images: $out/images.log"
  fi
  # shellcheck source=/dev/null
  . "$here/images/podman.sh"
  if [[ ! -f $images/models-1.tar ]]; then
    say "an image with the models, as the cluster need not reach their publishers"
    rm -rf "$out/models" && mkdir -p "$out/models"
    "$home/facet" models bundle "$out/models/mirror" yunet edgeface-xs >"$out/models.log" 2>&1 || fail 69 "no models: $out/models.log"
    printf 'FROM localhost/facet/cli:%s\nCOPY mirror /mirror\n' "$tag" >"$out/models/Containerfile"
    podman build --quiet --pull=never --format oci --tag localhost/facet-try/models:1 "$out/models" >/dev/null
    archive models-1 localhost/facet-try/models:1
  fi
  if [[ $overlay != laptop ]]; then
    for name in postgres:15 s3:1.8.0 milvus:2.3.5; do
      if [[ ! -f $images/${name/:/-}.tar ]]; then
        say "a stand-in for ${name%:*}"
        "$here/images/try/${name%:*}.sh" >"$out/${name%:*}.log" 2>&1 || fail 69 "no image of ${name%:*}: $out/${name%:*}.log"
        archive "${name/:/-}" "localhost/facet-try/$name"
      fi
    done
  fi
  [[ -n $load ]] || fail 69 "how does this cluster get images? --load COMMAND"
  for name in "detector-$tag" "embedder-$tag" "gateway-$tag" models-1 $([[ $overlay == laptop ]] || echo postgres-15 s3-1.8.0 milvus-2.3.5); do
    $load "$images/$name.tar" >>"$out/load.log" 2>&1 || fail 69 "the cluster did not take $name: $out/load.log"
  done
}

# ---- one overlay
apply() { # FOLDER
  applied=yes
  kubectl apply -f "$here/base/namespace.yaml" >/dev/null
  kubectl label namespace facet facet.dev/try=yes --overwrite >/dev/null
  "$here/secrets.sh" >/dev/null
  kubectl apply -k "$1" >"$out/apply.log" || fail 1 "not applied: $out/apply.log"
  local began=$SECONDS workload
  for workload in $(kubectl -n facet get statefulsets,deployments -o name); do
    kubectl -n facet rollout status "$workload" --timeout=300s >/dev/null ||
      { kubectl -n facet get pods >&2; kubectl -n facet logs "$workload" --tail=20 >&2; fail 1 "$workload is not ready after 300 s"; }
  done
  say "$(basename "$1"): ready after $((SECONDS - began)) s"
}

remove() {
  kubectl delete namespace facet --timeout=120s >/dev/null
}

door() {
  FACET_GATEWAY=$(kubectl -n facet get service gateway -o jsonpath='{.spec.clusterIP}'):50051
  FACET_KEY=$(kubectl -n facet get secret initial-key -o jsonpath='{.data.key}' | base64 -d)
  export FACET_GATEWAY FACET_KEY
  timeout 5 bash -c "</dev/tcp/${FACET_GATEWAY%:*}/${FACET_GATEWAY#*:}" 2>/dev/null ||
    fail 69 "this machine does not reach the Service at $FACET_GATEWAY"
}

enrolled_and_found() {
  local found
  "$home/facet" enroll --plaintext --subject try "$photo" >"$out/enroll.log" 2>&1 || { cat "$out/enroll.log" >&2; fail 1 "not enrolled"; }
  found=$("$home/facet" identify --plaintext "$photo" 2>&1) || true
  grep -q ': try, squared distance 0.000' <<<"$found" || fail 1 "not found: $found"
  say "$(basename "$photo") enrolled and found: $found"
}

# ---- rows of the table
declare -a table=()
failures=0

counting() { # NAME SECONDS [RATE]: calls, in the background
  "$home/facet" load --call identify --at "$FACET_GATEWAY" --plaintext --photos "$photo" --collection default --rate "${3:-$rate}" \
    --duration "$2" --warmup 5 --connections 4 --timeout 20 --attempts "$([[ $drain == yes ]] && echo 5 || echo 1)" \
    --lateness 1000 --json >"$out/$1.json" 2>"$out/$1.err" &
  loading=$!
  sleep 8
}

counted() { # NAME WHAT: waits for the calls and adds a row
  local status=0 counts
  wait "$loading" || status=$?
  loading=""
  counts=$(jq -r '.runs[0].result // empty | [.arrivals, .failed, .latency.p50_ms, .latency.p99_ms] | @tsv' "$out/$1.json" 2>/dev/null) || true
  if [[ -z $counts ]]; then
    table+=("$2|nothing claimed (exit code $status)||||")
    failures=$((failures + 1))
    return
  fi
  local calls failed p50 p99 retries
  read -r calls failed p50 p99 <<<"$counts"
  retries=$(jq -r .retries "$out/$1.json")
  table+=("$2|$calls|$failed|$retries|$(printf '%.0f' "$p50")|$(printf '%.0f' "$p99")")
  say "$2: $calls calls, $failed failed, $retries retries"
  [[ $1 == stop-* ]] || failures=$((failures + failed))
}

pod() { # SERVICE: one of its pods that is ready
  kubectl -n facet get pods -l "app.kubernetes.io/name=$1" -o json |
    jq -r '[.items[] | select(.metadata.deletionTimestamp == null and any(.status.conditions[]; .type == "Ready" and .status == "True"))][0].metadata.name'
}

pid() { # POD: of its process on this machine
  local container
  container=$(kubectl -n facet get pod "$1" -o jsonpath='{.status.containerStatuses[0].containerID}')
  ctr -a /run/facet-kubernetes/containerd.sock -n k8s.io tasks ls | awk -v id="${container#*://}" '$1 == id {print $2}'
}

restart_row() { # SERVICE
  local began=$SECONDS rolls=0
  counting "restart-$1" "$seconds"
  while ((rolls == 0 || SECONDS - began < seconds - 60)); do
    kubectl -n facet rollout restart "deployment/$1" >/dev/null
    kubectl -n facet rollout status "deployment/$1" --timeout=120s >/dev/null || say "$1 is not rolled after 120 s"
    rolls=$((rolls + 1))
  done
  counted "restart-$1" "$1 restarted, $rolls times"
  settled "$1"
}

kill_row() { # SERVICE
  local victim
  counting "kill-$1" $((seconds / 3))
  victim=$(pod "$1")
  if [[ -S /run/facet-kubernetes/containerd.sock ]]; then
    kill -9 "$(pid "$victim")"
  else
    kubectl -n facet delete pod "$victim" --force --grace-period=0 >/dev/null 2>&1
  fi
  counted "kill-$1" "one $1 killed"
  settled "$1"
}

stop_row() { # SERVICE
  local process
  if [[ ! -S /run/facet-kubernetes/containerd.sock ]]; then
    table+=("one $1 stopped|skipped: its process is not on this machine||||")
    return
  fi
  counting "stop-$1" $((seconds / 3))
  process=$(pid "$(pod "$1")")
  kill -STOP "$process"
  sleep $((seconds / 9))
  kill -CONT "$process" 2>/dev/null || say "the stopped $1 was replaced before it went on"
  counted "stop-$1" "one $1 stopped for $((seconds / 9)) s"
  settled "$1"
}

settled() {
  kubectl -n facet rollout status "deployment/$1" --timeout=120s >/dev/null || say "$1 has not settled"
}

# Of gateways, whose processors work the most where photos are small; three times the rate.
scale_row() {
  local before after waited=0 most=$((seconds > 90 ? seconds : 90))
  before=$(kubectl -n facet get hpa gateway -o jsonpath='{.status.currentReplicas}')
  counting scale $most $((3 * rate))
  kubectl -n facet patch hpa gateway --type merge --patch '{"spec": {"maxReplicas": 3}}' >/dev/null
  until after=$(kubectl -n facet get deployment gateway -o jsonpath='{.status.readyReplicas}') && ((after > before)) || ((waited > most)); do
    sleep 2
    waited=$((waited + 2))
  done
  kubectl -n facet describe hpa gateway >"$out/hpa.log"
  counted scale "gateways from $before to $after by the autoscaler, after $waited s"
  kubectl -n facet patch hpa gateway --type merge --patch '{"spec": {"maxReplicas": 2}}' >/dev/null
  ((after > before)) || { say "the autoscaler did not act: $out/hpa.log"; failures=$((failures + 1)); }
}

rows() {
  local service
  for service in gateway detector embedder; do
    [[ ,$rows, != *,restart,* ]] || restart_row "$service"
  done
  for service in gateway detector embedder; do
    [[ ,$rows, != *,kill,* ]] || kill_row "$service"
  done
  for service in gateway detector embedder; do
    [[ ,$rows, != *,stop,* ]] || stop_row "$service"
  done
  [[ ,$rows, != *,scale,* || $drain == no ]] || scale_row
  {
    printf '%s\n' "what|calls|failed|retries|p50 ms|p99 ms" "${table[@]}"
  } | column -t -s '|' | tee "$out/table$([[ $drain == yes ]] || echo -without-drain).txt"
  kubectl -n facet get pods -o json |
    jq -r '.items[] | .metadata.name as $pod | .status.containerStatuses[]? | select(.lastState.terminated.reason == "OOMKilled") | "try.sh: \($pod) had no memory left"' >&2
}

# ---- the whole
trap finish EXIT
cluster
images
"$home/facet" build

if [[ $overlay != cpu && $drain == yes ]]; then
  apply "$here/try/laptop"
  door
  enrolled_and_found
  remove
fi
if [[ $overlay != laptop ]]; then
  apply "$here/try/$([[ $drain == yes ]] && echo cpu || echo without-drain)"
  door
  enrolled_and_found
  rows
fi
if [[ $drain == no && $overlay != laptop ]]; then
  ((failures > 0)) || fail 1 "no call failed without retries and drain: the rows above show nothing"
  say "as it should be: $failures calls failed"
elif ((failures > 0)); then
  fail 1 "$failures calls failed"
fi
