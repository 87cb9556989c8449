#!/usr/bin/env bash
# localhost/facet-try/s3:1.8.0: versitygw, which is versity/versitygw:v1.8.0 elsewhere, from Go's registry.
#   deploy/images/try/s3.sh
# Run it with ROOT_ACCESS_KEY and ROOT_SECRET_KEY and the arguments `--port :7070 --health /health posix /data`.
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
. "$here/../podman.sh"

version=1.8.0
cache=${XDG_CACHE_HOME:-$HOME/.cache}/facet/images/versitygw-$version
"$here/debian.sh"
if [[ ! -x $cache/versitygw ]]; then
  mkdir -p "$cache"
  CGO_ENABLED=0 GOBIN=$cache go install -trimpath -ldflags=-s "github.com/versity/versitygw/cmd/versitygw@v$version"
fi
podman build --quiet --format oci --pull=never --tag "localhost/facet-try/s3:$version" --file - "$cache" > /dev/null <<'FILE'
FROM localhost/facet-try/debian:bookworm
COPY versitygw /usr/local/bin/versitygw
RUN install -d -o 10001 -g 10001 /data
USER 10001:10001
VOLUME /data
EXPOSE 7070
ENTRYPOINT ["/usr/local/bin/versitygw"]
FILE
