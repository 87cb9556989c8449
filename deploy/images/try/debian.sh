#!/usr/bin/env bash
# A small Debian with a shell and curl, on which the stand-ins for public images stand: localhost/facet-try/debian:bookworm.
#   deploy/images/try/debian.sh [IMAGE PACKAGE...]   (or another image, with more packages)
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
. "$here/../podman.sh"

image=${1:-localhost/facet-try/debian:bookworm}
packages=(ca-certificates curl libgomp1 libstdc++6 "${@:2}")
! podman image exists "$image" || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mmdebstrap --quiet --variant=minbase --include="$(IFS=,; echo "${packages[*]}")" \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-include=/usr/share/doc/*/copyright' bookworm "$work/root.tar" >&2
printf 'FROM scratch\nADD root.tar /\n' > "$work/Containerfile"
podman build --quiet --format oci --tag "$image" "$work" > /dev/null
