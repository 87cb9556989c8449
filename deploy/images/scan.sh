#!/usr/bin/env bash
# Compares SBOMs with known vulnerabilities; a critical one that nobody accepted fails.
#   deploy/images/scan.sh FILE.cdx.json...     (those that build.sh --output wrote)
#   deploy/images/scan.sh --self-test          whether a known critical one is found, in a database of one entry
# The scanner is osv-scanner, from Go's registry. It asks api.osv.dev; without that, the databases in $FACET_OSV_DB are
# used: osv-scanner/Maven/all.zip and osv-scanner/Debian/all.zip, from https://osv-vulnerabilities.storage.googleapis.com.
# Accepted findings, each with a reason: scan-accepted.txt beside this file.
# Exit codes: 0 no critical one, 1 some, 2 usage, 69 the scanner is missing, 77 skipped: no database to be had.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
version=1.9.2
cache=${XDG_CACHE_HOME:-$HOME/.cache}/facet/images/scanner
critical=9.0

say() { echo "scan.sh: $*" >&2; }
fail() { say "${@:2}"; exit "$1"; }

scanner() {
  [[ -x $cache/osv-scanner ]] && return
  command -v go > /dev/null || fail 69 "go is needed to build osv-scanner, once"
  say "building osv-scanner $version, once"
  mkdir -p "$cache"
  CGO_ENABLED=0 GOBIN=$cache go install -trimpath "github.com/google/osv-scanner/cmd/osv-scanner@v$version" >&2 || fail 69 "Go could not build osv-scanner"
}

# Lines `SEVERITY ID PACKAGE VERSION FIXED`, worst first; 0 where an entry has no score.
found() { # DATABASE_FOLDER|"" FILE
  local options=() status=0 out=$work/out.json
  [[ -z $1 ]] || options=(--experimental-offline --experimental-local-db-path "$1")
  "$cache/osv-scanner" --format json "${options[@]}" --sbom "$2" > "$out" 2> "$work/errors" || status=$?
  # 1: something found; 128: no packages; others: it could not tell.
  ((status <= 1)) || { cat "$work/errors" >&2; return 77; }
  jq -r '.results[]?.packages[]? | .package as $p | .groups[] | [(.max_severity // "0" | if . == "" then "0" else . end), .ids[0], $p.name, $p.version] | @tsv' "$out" \
    | sort -t$'\t' -k1,1nr -k2
}

scan() { # DATABASE_FOLDER|"" FILE: says what is found; 1 when a critical one is not accepted
  local status=0 severity id package of bad=0
  found "$1" "$2" > "$work/found" || return $?
  while IFS=$'\t' read -r severity id package of; do
    if grep -q "^$id " "$here/scan-accepted.txt"; then
      echo "accepted  $severity  $id  $package $of"
    elif awk "BEGIN { exit !($severity >= $critical) }"; then
      echo "CRITICAL  $severity  $id  $package $of"
      bad=1
    else
      echo "found     $severity  $id  $package $of"
    fi
  done < "$work/found"
  return $bad
}

self_test() {
  mkdir -p "$work/db/osv-scanner/Maven"
  cat > "$work/entry.json" <<'JSON'
{"id": "GHSA-jfh8-c2jp-5v3q", "modified": "2024-01-01T00:00:00Z", "published": "2021-12-10T00:00:00Z", "aliases": ["CVE-2021-44228"],
 "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}],
 "affected": [{"package": {"ecosystem": "Maven", "name": "org.apache.logging.log4j:log4j-core"},
  "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "2.13.0"}, {"fixed": "2.15.0"}]}]}]}
JSON
  (cd "$work" && cp entry.json GHSA-jfh8-c2jp-5v3q.json && zip -q db/osv-scanner/Maven/all.zip GHSA-jfh8-c2jp-5v3q.json)
  local log4j
  for log4j in 2.14.1 2.15.0; do
    printf '{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": [{"type": "library", "name": "log4j-core", "version": "%s", "purl": "pkg:maven/org.apache.logging.log4j/log4j-core@%s"}]}' \
      $log4j $log4j > "$work/$log4j.cdx.json"
  done
  ! scan "$work/db" "$work/2.14.1.cdx.json" || fail 1 "a known critical one was not found"
  scan "$work/db" "$work/2.15.0.cdx.json" || fail 1 "found where it is fixed"
  say "finds what is in the database, and nothing else"
}

(($#)) && [[ $1 != --help ]] || { sed -n '2,/^set /p' "${BASH_SOURCE[0]}" | sed -n 's/^# \{0,1\}//p'; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
scanner
if [[ $1 == --self-test ]]; then self_test; exit; fi

status=0
for file in "$@"; do
  echo "== $(jq -r '"\(.metadata.component.name) \(.metadata.component.version): \(.components | length) components"' "$file")"
  code=0
  scan "${FACET_OSV_DB:-}" "$file" || code=$?
  case $code in
    0) ;;
    1) status=1 ;;
    *) fail 77 "skipped: api.osv.dev does not answer, and FACET_OSV_DB names no database" ;;
  esac
done
exit $status
