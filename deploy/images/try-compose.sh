#!/usr/bin/env bash
# Starts deploy/compose.yaml with podman, enrols a photo through the gateway, finds it, and stops all.
#   deploy/images/try-compose.sh [PHOTO]     (default: one of $FACET_SHARED/photos)
# Images are those of build.sh and try/*.sh, as no registry need be reachable; models come from $FACET_MODELS_MIRROR.
#   FACET_TRY_KEEP=yes leaves it running; deploy/images/try-compose.sh --down ends that.
# Needs podman with netavark and aardvark-dns, and podman-compose 1.1 or newer, which is taken from PyPI where the machine
# has an older one or none. Exit codes: 0 found, 1 not, 69 something is missing.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
deploy=$(cd "$here/.." && pwd)
. "$here/podman.sh"

say() { echo "try-compose.sh: $*" >&2; }
fail() { say "${@:2}"; exit "$1"; }

command -v podman > /dev/null || fail 69 "podman is not installed"
program=podman-compose
if ! podman-compose --help 2> /dev/null | grep -q -e --env-file; then
  program=${XDG_CACHE_HOME:-$HOME/.cache}/facet/images/podman-compose/bin/podman-compose
  [[ -x $program ]] || { python3 -m venv "${program%/bin/*}" && "${program%/*}/pip" install --quiet podman-compose==1.5.0; } >&2 \
    || fail 69 "no podman-compose 1.1 or newer"
fi
version=$(sed -n 's:^  <version>\(.*\)</version>:\1:p' "$deploy/../pom.xml" | head -1)
export FACET_TAG=${FACET_TAG:-${version%-SNAPSHOT}} FACET_PORT=${FACET_PORT:-50051}
export FACET_POSTGRES_IMAGE=localhost/facet-try/postgres:15 FACET_S3_IMAGE=localhost/facet-try/s3:1.8.0
export FACET_MILVUS_IMAGE=localhost/facet-try/milvus:2.3.5
secrets=${TMPDIR:-/tmp}/facet-try-compose
export FACET_SECRETS=$secrets/secrets
compose() { "$program" --env-file "$secrets/.env" --file "$deploy/compose.yaml" --project-name facettry "$@"; }

down() {
  compose down --volumes > "$secrets/down.log" 2>&1 || true
  podman volume ls --quiet --filter name=facettry_ | xargs --no-run-if-empty podman volume rm --force > /dev/null
  rm -rf "$secrets"
}
if [[ ${1:-} == --down ]]; then down; exit; fi

photo=${1:-$(find "${FACET_SHARED:-/nowhere}/photos" -name '*.jpg' 2> /dev/null | sort | head -1)}
[[ -f $photo ]] || fail 69 "a photo with a face is needed"
for image in facet/{detector,embedder,gateway,cli}:"$FACET_TAG"; do
  podman image exists "localhost/$image" || fail 69 "no image localhost/$image: deploy/images/build.sh"
done
for name in postgres:15 s3:1.8.0 milvus:2.3.5; do
  podman image exists "localhost/facet-try/$name" || "$here/try/${name%:*}.sh"
done
"$here/secrets.sh" "$secrets"

# Podman has systemd run health checks, which not every machine has, and its compose before 1.1 waits for none: the
# order of depends_on is kept here, with the checks of the file.
start() {
  local log=$secrets/compose.log service
  compose up --detach --no-deps "$@" > "$log" 2>&1 || { cat "$log" >&2; fail 69 "compose did not start $*"; }
}
await() { # SERVICE SECONDS
  local end=$((SECONDS + $2))
  until podman healthcheck run "facettry_$1_1" > /dev/null 2>&1; do
    if ((SECONDS > end)); then
      podman logs "facettry_$1_1" 2>&1 | tail -30 >&2
      fail 1 "$1 was not healthy after $2 s"
    fi
    sleep 1
  done
  say "$1 is healthy after $((SECONDS - began)) s"
}
[[ ${FACET_TRY_KEEP:-} == yes ]] || trap down EXIT

began=$SECONDS
start models postgres s3 milvus
[[ $(podman wait facettry_models_1) == 0 ]] || { podman logs facettry_models_1 >&2; fail 1 "the models were not fetched"; }
say "models fetched after $((SECONDS - began)) s"
start detector embedder
for service in postgres s3 milvus detector embedder; do await "$service" 180; done
start gateway
await gateway 180

facet() {
  podman run --rm --network host --read-only --tmpfs /tmp --user 0 --cap-drop all \
    --volume "$photo:/photo.jpg:ro" --volume "$FACET_SECRETS/key:/key:ro" \
    "localhost/facet/cli:$FACET_TAG" "$@" --gateway "127.0.0.1:$FACET_PORT" ${key_option:+"$key_option" /key}
}
# Keys are asked for as soon as the command knows them.
key_option=$(podman run --rm "localhost/facet/cli:$FACET_TAG" search --help | grep -o -m 1 -e --key-file || true)
facet enroll --subject someone /photo.jpg
facet search /photo.jpg | tee "$secrets/found"
grep -q someone "$secrets/found" || fail 1 "the face was not found"
say "enrolled and found after $((SECONDS - began)) s"
