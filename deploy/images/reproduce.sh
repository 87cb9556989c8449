#!/usr/bin/env bash
# Proves that the images follow from the commit alone: builds them here, then in a clone elsewhere, layers made anew both
# times, and compares digests.
#   deploy/images/reproduce.sh [options of build.sh]
# What the JVM learned in a training run is never the same twice, so the second build takes the first one's (--train DIR);
# with --train no both go without, and with --train DIR both take that. The commit is HEAD; Debian's packages are those of the day.
# Exit codes: 0 the same, 1 not, others as of build.sh.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
home=$(cd "$here/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/facet-reproduce.XXXXXX")
trap 'rm -rf "$work"' EXIT

[[ -z $(git -C "$home" status --porcelain) ]] || echo "reproduce.sh: the clone will lack what is not committed" >&2
train=(--train "$work/first")
[[ " $* " != *" --train "* ]] || train=()
"$here/build.sh" "$@" --no-cache --tag first --output "$work/first" > "$work/first.txt"
git clone --quiet "$home" "$work/elsewhere"
(umask 027; "$work/elsewhere/deploy/images/build.sh" "$@" "${train[@]}" --no-cache --tag second --output "$work/second" > "$work/second.txt")

sed 's/:first / /' "$work/first.txt" > "$work/a"
sed 's/:second / /' "$work/second.txt" > "$work/b"
. "$here/podman.sh"
podman image rm --force $(sed 's/ .*//' "$work/first.txt" "$work/second.txt") localhost/facet/base:{first,second} > /dev/null 2>&1 || true
cat "$work/a"
diff "$work/a" "$work/b" || { echo "reproduce.sh: the digests differ" >&2; exit 1; }
echo "the same twice"
