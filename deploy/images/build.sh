#!/usr/bin/env bash
# Builds Facet's images without a daemon: detector, embedder, embedder-cuda, gateway, cli.
#   deploy/images/build.sh [options]
#       --only NAME       one of them; may be said again (default: all but embedder-cuda)
#       --tag TAG         of localhost/facet/NAME:TAG (default: the project's version without -SNAPSHOT)
#       --base IMAGE      what they stand on, with glibc 2.36 or newer and libstdc++ (default: made from Debian's packages)
#       --cuda-base IMAGE the same for embedder-cuda, with CUDA 12.8 or a later 12 and cuDNN 9 (default: NVIDIA's
#                         libraries out of their Python packages, 2.6 GB)
#       --output DIR      also an archive of each, DIR/NAME-TAG.tar, its SBOM beside it
#       --format FORMAT   of the archives: oci-archive or docker-archive (default: oci-archive)
#       --train auto|no|DIR  what the JVM learns in a run before it is shipped (JEP 514): made anew, left out, or taken
#                         from DIR, where --output of another build left it; see reproduce.sh (default: auto)
#       --photo FILE      a photo with a face, for that run (default: one of $FACET_SHARED/photos, if there)
#       --models DIR      mirror of the published model files for it (default: $FACET_MODELS_MIRROR)
#       --no-build        take the programs as they are built (mvn package -Psbom)
#       --no-cache        make every layer anew
# Needs Maven, JDK 25, podman (Debian: podman runc), zip, unzip, jq; root and mmdebstrap for the default base.
# Exit codes: 0 done, 2 usage, 69 something is missing.
set -euo pipefail
umask 022 # what is copied keeps its modes

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
home=$(cd "$here/../.." && pwd)

say() { echo "build.sh: $*" >&2; }
fail() { say "${@:2}"; exit "$1"; }
usage() { sed -n '2,/^set /p' "$here/build.sh" | sed -n 's/^# \{0,1\}//p'; exit "$1"; }

only=() tag="" base="" cuda_base="" output="" format=oci-archive train=auto photo="" models=${FACET_MODELS_MIRROR:-} compile=yes cache=()
while (($#)); do
  case $1 in
    --help) usage 0 ;;
    --no-build) compile=no; shift; continue ;;
    --no-cache) cache=(--no-cache); shift; continue ;;
    --only | --tag | --base | --cuda-base | --output | --format | --train | --photo | --models) (($# > 1)) || usage 2 >&2 ;;
    *) usage 2 >&2 ;;
  esac
  case $1 in
    --only) only+=("$2") ;;
    --tag) tag=$2 ;;
    --base) base=$2 ;;
    --cuda-base) cuda_base=$2 ;;
    --output) output=$2 ;;
    --format) format=$2 ;;
    --train) train=$2 ;;
    --photo) photo=$2 ;;
    --models) models=$2 ;;
  esac
  shift 2
done
((${#only[@]})) || only=(detector embedder gateway cli)
for name in "${only[@]}"; do
  [[ $name =~ ^(detector|embedder|embedder-cuda|gateway|cli)$ ]] || fail 2 "no image '$name'"
done
[[ $format =~ ^(oci|docker)-archive$ ]] || fail 2 "--format must be oci-archive or docker-archive, is '$format'"
version=$(sed -n 's:^  <version>\(.*\)</version>:\1:p' "$home/pom.xml" | head -1)
tag=${tag:-${version%-SNAPSHOT}}
[[ $tag != latest ]] || fail 2 "--tag latest says nothing"
for tool in podman zip unzip jq; do command -v $tool > /dev/null || fail 69 "$tool is not installed"; done
for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/*; do
  if [[ -x $candidate/bin/jlink ]] && (($(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$candidate/release") >= 25)); then jdk=$candidate; break; fi
done
export JAVA_HOME=${jdk:-}
[[ -n $JAVA_HOME ]] || fail 69 "no JDK 25 found in JAVA_HOME or the usual folders"
[[ $compile == no ]] || (cd "$home" && mvn -B -q package -DskipTests -Dspotless.check.skip -Psbom -pl detector-service,embedder-service,gateway,cli -am >&2)

# All times in the images are the one that all jars of the project have.
SOURCE_DATE_EPOCH=$(date -d "$(sed -n 's:.*<project.build.outputTimestamp>\(.*\)<.*:\1:p' "$home/pom.xml")" +%s)
export SOURCE_DATE_EPOCH
# Which commit the programs are of; two builds of one are the same, bit by bit.
revision=$(git -C "$home" rev-parse HEAD 2> /dev/null || echo unknown)
# Podman's own settings, where the machine has none that work here.
. "$here/podman.sh"

work=$(mktemp -d "${TMPDIR:-/tmp}/facet-images.XXXXXX")
trap 'rm -rf "$work"' EXIT

image() { # BASE CONTAINERFILE FOLDER TAGGED [ARGUMENTS...]: an image whose bytes follow from what it is made of
  podman build --quiet --layers "${cache[@]}" --format oci --timestamp "$SOURCE_DATE_EPOCH" --pull=never --build-arg "BASE=$1" \
    --file "$here/$2" --tag "$4" "${@:5}" "$3" > /dev/null
}

if [[ -z $base ]]; then
  base=localhost/facet/base:$tag
  say "base from Debian's packages"
  mkdir "$work/base"
  "$here/base.sh" "$work/base/base.tar"
  image scratch Containerfile.base "$work/base" "$base"
else
  podman image exists "$base" || podman pull --quiet "$base" > /dev/null
fi

# What `jdeps --print-module-deps` finds in the class paths. Services do without java.desktop, though libraries of theirs name it.
services=java.base,java.naming,java.net.http,java.scripting,java.security.jgss,java.sql,jdk.httpserver,jdk.incubator.vector,jdk.jfr,jdk.management,jdk.unsupported
commands=java.base,java.desktop,java.naming,java.net.http,java.sql,jdk.jfr,jdk.management,jdk.unsupported

java() { # FOLDER MODULES
  [[ ! -d $1 ]] || return 0
  "$JAVA_HOME/bin/jlink" --add-modules "$2" --strip-debug --no-header-files --no-man-pages --generate-cds-archive --output "$1" > "$work/jlink.log" 2>&1 \
    || { cat "$work/jlink.log" >&2; return 1; }
  rm -f "$1/lib/server/classes_nocoops.jsa" # for heaps of more than 32 GB
}

program() { # NAME: its image, not trained
  local name=$1 folder=$work/$1 on=$base
  say "$name"
  "$here/program.sh" "$name" "$folder"
  if [[ $name == cli ]]; then
    java "$work/java-cli" "$commands"
    cp -rl "$work/java-cli" "$folder/java"
  else
    java "$work/java-services" "$services"
    cp -rl "$work/java-services" "$folder/java"
  fi
  if [[ $name == embedder-cuda ]]; then on=$(cuda); fi
  "$here/sbom.sh" "$name" "$folder" "$on" > "$work/$name.cdx.json"
  cp "$work/$name.cdx.json" "$folder/program/sbom.cdx.json"
  image "$on" Containerfile "$folder" "localhost/facet/$name:$tag-plain" \
    --label "org.opencontainers.image.title=facet-$name" \
    --label "org.opencontainers.image.description=Facet, a face-recognition serving cluster: $name" \
    --label "org.opencontainers.image.version=$version" \
    --label "org.opencontainers.image.revision=$revision" \
    --label "org.opencontainers.image.created=$(date -u -d "@$SOURCE_DATE_EPOCH" +%FT%TZ)" \
    --label "org.opencontainers.image.licenses=$(jq -r '.metadata.component.licenses[0].expression' "$work/$name.cdx.json")"
}

cuda() {
  if [[ -n $cuda_base ]]; then
    echo "$cuda_base"
  else
    "$here/cuda.sh" "$base" "localhost/facet/cuda:$tag" && echo "localhost/facet/cuda:$tag"
  fi
}

finish() { # NAME: the image that is shipped
  local name=$1 folder=$work/$1/trained
  # The same jars and options as the embedder's, which can be trained where there is no GPU.
  [[ $name != embedder-cuda || ! -f $work/embedder/trained/program.aot ]] || cp -r "$work/embedder/trained" "$work/$name/"
  if [[ -f $folder/program.aot ]]; then
    { cat "$work/$name/program/jvm.options"; echo "-XX:AOTCache=/opt/facet/program.aot"; } > "$folder/jvm.options"
    image none Containerfile.trained "$work/$name" "localhost/facet/$name:$tag" --build-arg "PROGRAM=localhost/facet/$name:$tag-plain"
  else
    podman tag "localhost/facet/$name:$tag-plain" "localhost/facet/$name:$tag"
  fi
  podman image untag "localhost/facet/$name:$tag-plain" "localhost/facet/$name:$tag-plain"
  if [[ -n $output ]]; then
    mkdir -p "$output"
    rm -f "$output/$name-$tag.tar"
    podman save --quiet --format "$format" --output "$output/$name-$tag.tar" "localhost/facet/$name:$tag"
    cp "$work/$name.cdx.json" "$output/$name-$tag.cdx.json"
    [[ ! -f $folder/program.aot ]] || cp "$folder/program.aot" "$output/$name.aot"
  fi
  podman image inspect --format "localhost/facet/$name:$tag {{.Digest}} {{.Size}}" "localhost/facet/$name:$tag"
}

for name in "${only[@]}"; do program "$name"; done
. "$here/train.sh"
train "${only[@]}"
for name in "${only[@]}"; do finish "$name"; done
