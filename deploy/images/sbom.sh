#!/usr/bin/env bash
# What an image is made of, as CycloneDX 1.6 on standard output: our jars and theirs, natives with them, Debian's packages, the JRE.
#   deploy/images/sbom.sh NAME FOLDER BASE_IMAGE
# FOLDER is what program.sh wrote, with java/ beside it. Maven's part is target/bom.json of the build with -Psbom.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
name=${1:?name of an image} folder=${2:?folder of the image} base=${3:?base image}
case $name in
  detector | embedder) module=$name-service ;;
  embedder-cuda) module=embedder-service ;;
  *) module=$name ;;
esac
bom=$home/$module/target/bom.json
[[ -f $bom ]] || { echo "sbom.sh: no $bom: build with -Psbom, with Maven online" >&2; exit 69; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Debian's packages, as dpkg or base.sh noted them.
container=$(podman create "$base" none)
podman export "$container" | tar -x -C "$work" --wildcards 'var/lib/dpkg/status' 'var/lib/dpkg/status.d/*' 'usr/lib/os-release' 'etc/os-release' 2> /dev/null || true
podman rm "$container" > /dev/null
distribution=$(sed -n 's/^VERSION_ID="\{0,1\}\([^"]*\).*/debian-\1/p' "$work/usr/lib/os-release" "$work/etc/os-release" 2> /dev/null | head -1)
packages() {
  local file
  for file in "$work/var/lib/dpkg/status" "$work"/var/lib/dpkg/status.d/*; do
    [[ ! -f $file || $file == *.md5sums ]] || { cat "$file"; echo; }
  done
}
packages | awk -v RS= -v FS='\n' '{
  p = v = a = s = ""
  for (i = 1; i <= NF; i++) {
    if ($i ~ /^Package: /) p = substr($i, 10); else if ($i ~ /^Version: /) v = substr($i, 10)
    else if ($i ~ /^Architecture: /) a = substr($i, 15); else if ($i ~ /^Source: /) s = substr($i, 9)
  }
  if (p != "") print p "\t" v "\t" a "\t" s
}' | LC_ALL=C sort | jq -Rn --arg distribution "$distribution" '
  # Licences of those that the default base holds, from their copyright files.
  {"base-files": "GPL-2.0-or-later", "ca-certificates": "MPL-2.0 AND GPL-2.0-or-later", "libc6": "LGPL-2.1-or-later",
   "gcc-12-base": "GPL-3.0-or-later WITH GCC-exception-3.1", "libgcc-s1": "GPL-3.0-or-later WITH GCC-exception-3.1",
   "libstdc++6": "GPL-3.0-or-later WITH GCC-exception-3.1"} as $licences
  | [inputs / "\t" | . as [$package, $version, $architecture, $source]
  | ("pkg:deb/debian/\($package | @uri)@\($version | @uri)?arch=\($architecture)&distro=\($distribution)"
     + (if $source == "" then "" else "&upstream=\($source | split(" ")[0] | @uri)" end)) as $purl
  | {type: "library", "bom-ref": $purl, name: $package, version: $version, purl: $purl}
    + (if $licences[$package] then {licenses: [{expression: $licences[$package]}]} else {} end)]' > "$work/debian.json"

java=$(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)-LTS"/\1/p; s/^JAVA_RUNTIME_VERSION="\([^-]*\)"/\1/p' "$JAVA_HOME/release" | head -1)
implementor=$(sed -n 's/^IMPLEMENTOR="\(.*\)"/\1/p' "$JAVA_HOME/release")

ls "$folder/lib" > "$work/jars"
jq --slurpfile debian "$work/debian.json" --rawfile jars "$work/jars" --arg name "$name" --arg java "$java" --arg implementor "$implementor" \
  --arg modules "$(sed -n 's/^MODULES="\(.*\)"/\1/p' "$folder/java/release")" --arg time "$(date -u -d "@$SOURCE_DATE_EPOCH" +%FT%TZ)" '
  ($jars / "\n") as $there
  | .metadata as $metadata
  | ([.components[] | select("\(.name)-\(.version).jar" as $jar | $there | index($jar))]
      # Jars in the image lost their natives: the published hashes are those of the origin.
      | map(del(.hashes) + {properties: [{name: "facet:path", value: "/opt/facet/lib/\(.name)-\(.version).jar"}]})) as $libraries
  # Natives alone, of packages that are in the image without their jar.
  | ([.components[] | select($name == "detector" and (.purl | test("classifier=linux-x86_64")))]
      | map(del(.hashes) + {properties: [{name: "facet:path", value: "/opt/facet/native"}]})) as $natives
  | {type: "platform", "bom-ref": "pkg:generic/temurin@\($java)", name: "temurin-jre", publisher: $implementor, version: $java,
     purl: "pkg:generic/temurin@\($java | @uri)", cpe: "cpe:2.3:a:oracle:openjdk:\($java | split("+")[0]):*:*:*:*:*:*:*",
     licenses: [{expression: "GPL-2.0-only WITH Classpath-exception-2.0"}], properties: [{name: "facet:modules", value: $modules}]} as $jre
  | ($libraries + $natives + $debian[0] + [$jre] | unique_by(.["bom-ref"])) as $components
  | ([$components[] | .licenses[]? | .expression // .license.id // empty
      | if test(" (AND|OR) ") then "(\(.))" else . end] | unique | join(" AND ")) as $licences
  | {"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", bomFormat: "CycloneDX", specVersion: "1.6", version: 1,
     metadata: {timestamp: $time, tools: $metadata.tools,
       component: {type: "container", "bom-ref": "facet-\($name)", name: "facet-\($name)", version: $metadata.component.version,
         licenses: [{expression: "LicenseRef-Facet AND \($licences)"}]}},
     components: $components,
     dependencies: ([.dependencies[]? | select(.ref as $ref | $components | any(.["bom-ref"] == $ref))
         | .dependsOn |= map(select(. as $on | $components | any(.["bom-ref"] == $on)))]
       + [{ref: "facet-\($name)", dependsOn: [$components[]["bom-ref"]]}])}' "$bom"
