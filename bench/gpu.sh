#!/usr/bin/env bash
# Facet on an NVIDIA GPU, measured by one script on a machine that has no network.
#   bench/gpu.sh                       measure where there is a GPU; else say so and end with 77
#   bench/gpu.sh pack [options] [DIR]  where the registries are: DIR/facet-gpu-*.tar.xz with all that is needed
#       --cuda 12|13                   what is on the other machine (default: 12)
#       --arch NN                      its GPU: 90 for sm_90, which is H100 and H200 (default: 90)
#       --models DIR                   YuNet's and MTCNN's published files (default: $FACET_MODELS_MIRROR)
#       --photos DIR                   JPEG photos of faces (default: photos/ in $FACET_SHARED, if there)
#       --no-tar                       leave the folder, write no archive
#   bench/gpu.sh run [options]         in the unpacked folder: measure, write results/speed.{json,md,svg}
#       --check                        only say whether all is there
#       --rehearse                     walk through everything on the processor; claims no figure
#       other options                  as of `facet bench all`, such as --quick
# The GPU machine brings its driver, CUDA (cublas, cublasLt, cudart, curand) and cuDNN 9, found by the loader or
# in $CUDA_HOME, and nothing else: no Java, no Python.
# Exit codes: 0 done, 2 usage, 65 what is packed does not fit the GPU, 69 something is missing, 77 skipped: no GPU here.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

onnxruntime=1.29.0
onnxruntime_cuda13=1.28.0-1.5.14
services=(detector-service embedder-service gateway cli bench)
# What the programs use; jdeps cannot tell, as libraries reach for modules by name.
modules=java.se,jdk.unsupported,jdk.management,jdk.incubator.vector,jdk.zipfs,jdk.crypto.ec,jdk.net,jdk.httpserver,jdk.jfr

say() { echo "gpu.sh: $*" >&2; }

fail() {
  say "${@:2}"
  exit "$1"
}

usage() {
  sed -n '2,/^set /p' "$home/bench/gpu.sh" | sed -n 's/^# \{0,1\}//p' >&2
  exit 2
}

# ---- pack

maven() { (cd "$home" && mvn -B -q "$@"); }

# A file of the local repository, fetched where it is not there.
artifact() {
  local group=$1 name=$2 version=$3 classifier=${4:-}
  local file="${group//.//}/$name/$version/$name-$version${classifier:+-$classifier}.jar"
  local repository=${MAVEN_REPOSITORY:-$HOME/.m2/repository}
  [[ -f $repository/$file ]] || maven org.apache.maven.plugins:maven-dependency-plugin:3.8.1:get \
    -Dtransitive=false "-Dartifact=$group:$name:$version:jar${classifier:+:$classifier}" >&2
  echo "$repository/$file"
}

unpack() { # JAR FOLDER FILE...: files of any folder of a jar, into one
  local jar=$1 folder=$2 file
  for file in "${@:3}"; do
    (cd "$folder" && "$JAVA_HOME/bin/jar" --extract --file "$jar" "$file")
    mv "$folder/$file" "$folder/"
    rm -r "${folder:?}/${file%%/*}"
  done
}

# ONNX Runtime's libraries for CUDA; the Java classes of all its packages are the same.
natives() {
  local cuda=$1 arch=$2 folder=$3 gpu in=ai/onnxruntime/native/linux-x64
  gpu=$(artifact com.microsoft.onnxruntime onnxruntime_gpu "$onnxruntime")
  mkdir -p "$folder"
  # The bridge to Java that knows CUDA's options is this package's, for both.
  unpack "$gpu" "$folder" $in/libonnxruntime4j_jni.so
  if [[ $cuda == 12 ]]; then
    unpack "$gpu" "$folder" $in/libonnxruntime{,_providers_shared,_providers_cuda}.so
  else
    local other
    other=$(artifact org.bytedeco onnxruntime "$onnxruntime_cuda13" linux-x86_64-gpu)
    in=org/bytedeco/onnxruntime/linux-x86_64-gpu
    unpack "$other" "$folder" $in/libonnxruntime.so.1 $in/libonnxruntime_providers_{shared,cuda}.so
    ln "$folder/libonnxruntime.so.1" "$folder/libonnxruntime.so"
  fi
  "$JAVA_HOME/bin/java" -cp "$home/bench/target/bench.jar" dev.facet.bench.gpu.OneGpu \
    "$folder/libonnxruntime_providers_cuda.so" "$arch" >&2
}

# The programs; a library that several use is one file, and what is for other machines stays behind.
programs() {
  local folder=$1 module jar name
  mkdir -p "$folder/lib"
  for module in "${services[@]}"; do
    [[ -f $home/$module/target/$module.jar ]] || fail 69 "$module is not built: ./facet build"
    mkdir -p "$folder/$module/target/lib"
    cp "$home/$module/target/$module.jar" "$folder/$module/target/"
    for jar in "$home/$module/target/lib"/*.jar; do
      name=$(basename "$jar")
      case $name in
        *-linux-arm64.jar | *-linux-aarch_64.jar | *-osx-*.jar | *-windows-*.jar) continue ;;
      esac
      if [[ ! -f $folder/lib/$name ]]; then
        cp "$jar" "$folder/lib/"
        if [[ $name == onnxruntime*.jar ]]; then # the libraries lie beside it
          without "$folder/lib/$name" ai/onnxruntime/native
        fi
      fi
      ln "$folder/lib/$name" "$folder/$module/target/lib/$name"
    done
  done
  rm -r "${folder:?}/lib"
}

without() { # JAR FOLDER: the jar without a folder
  local work
  work=$(mktemp -d)
  (cd "$work" && "$JAVA_HOME/bin/jar" --extract --file "$1" && rm -r "${2:?}" \
    && "$JAVA_HOME/bin/jar" --create --file "$1" --manifest META-INF/MANIFEST.MF ./*)
  rm -r "$work"
}

pack() {
  local cuda=12 arch=90 models=${FACET_MODELS_MIRROR:-} photos="" target=. tar=yes
  [[ -z ${FACET_SHARED:-} || ! -d $FACET_SHARED/photos ]] || photos=$FACET_SHARED/photos
  while (($#)); do
    case $1 in
      --cuda) cuda=${2:-}; shift 2 || usage ;;
      --arch) arch=${2:-}; shift 2 || usage ;;
      --models) models=${2:-}; shift 2 || usage ;;
      --photos) photos=${2:-}; shift 2 || usage ;;
      --no-tar) tar=no; shift ;;
      -*) usage ;;
      *) target=$1; shift ;;
    esac
  done
  [[ $cuda == 12 || $cuda == 13 ]] || fail 2 "--cuda must be 12 or 13, is '$cuda'"
  [[ $arch =~ ^[1-9][0-9]{1,2}$ ]] || fail 2 "--arch must be a number such as 90 for sm_90, is '$arch'"
  [[ -z $models || -d $models ]] || fail 2 "--models: no folder $models"
  [[ -z $photos || -d $photos ]] || fail 2 "--photos: no folder $photos"
  [[ -x ${JAVA_HOME:-}/bin/jlink ]] || fail 69 "JAVA_HOME must be a JDK 25 with jlink"

  local name="facet-gpu-cuda$cuda-sm$arch"
  mkdir -p "$target"
  target=$(cd "$target" && pwd)
  local folder="$target/$name" file
  [[ ! -e $folder ]] || fail 69 "$folder is there already"
  mkdir -p "$folder/bench" "$folder/deploy/config" "$folder/models" "$folder/photos"
  programs "$folder"
  natives "$cuda" "$arch" "$folder/native"
  "$JAVA_HOME/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages \
    --output "$folder/runtime"
  cp "$home/bench/gpu.sh" "$folder/bench/"
  cp -r "$home/deploy/config/." "$folder/deploy/config/"
  # FaceNet's network is built on the other machine, from a formula.
  for file in yunet_n_dynamic.onnx pnet.pt rnet.pt onet.pt; do
    if [[ -f $models/$file ]]; then cp "$models/$file" "$folder/models/"; else say "without $file: no --models with it"; fi
  done
  [[ -z $photos ]] || find "$photos" -maxdepth 1 -name '*.jpg' -exec cp {} "$folder/photos/" \;
  printf 'cuda=%s\narch=%s\n' "$cuda" "$arch" >"$folder/pack.properties"
  say "$folder: $(du -sm "$folder" | cut -f 1) MiB"
  [[ $tar == no ]] || archive "$target" "$name"
}

archive() {
  XZ_OPT="${XZ_OPT:--6 -T0}" tar -C "$1" -cJf "$1/$2.tar.xz" "$2"
  rm -r "${1:?}/$2"
  say "$1/$2.tar.xz: $(du -m "$1/$2.tar.xz" | cut -f 1) MiB"
  echo "$1/$2.tar.xz"
}

# ---- run

gpu() { nvidia-smi --query-gpu=name,driver_version,memory.total,compute_cap --format=csv,noheader 2>/dev/null | head -1; }

packed() { sed -n "s/^$1=//p" "$home/pack.properties"; }

# The driver's library answers for what the loader finds: its cache, LD_LIBRARY_PATH and CUDA_HOME.
there() {
  local folder
  local -a folders
  IFS=: read -ra folders <<<"${LD_LIBRARY_PATH:-}"
  for folder in "${folders[@]}"; do
    [[ -z $folder || ! -e $folder/$1 ]] || return 0
  done
  { ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null || true; } | grep -qF "$1 "
}

missing() {
  local cuda=$1 library
  local -a needed=(libcuda.so.1 "libcudart.so.$cuda" "libcublas.so.$cuda" "libcublasLt.so.$cuda" libcudnn.so.9)
  [[ $cuda != 12 ]] || needed+=(libcurand.so.10)
  for library in "${needed[@]}"; do
    there "$library" || echo "$library"
  done
}

# Where CUDA's installer and Python's packages put it, unless $CUDA_HOME says where it is.
look_for_cuda() {
  local folder
  local -a places=(/usr/local/cuda{,-"$1"*}/lib64 /usr/local/lib/python3*/*-packages/nvidia/*/lib
    /opt/conda/lib/python3*/site-packages/nvidia/*/lib)
  [[ -z ${CUDA_HOME:-} ]] || places=("$CUDA_HOME"/{lib,lib64,targets/x86_64-linux/lib})
  for folder in "${places[@]}"; do
    [[ ! -d $folder ]] || LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$folder"
  done
  export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:-}"
}

require_gpu() {
  local cuda=$1 arch=$2 found capability lacking
  found=$(gpu) || true
  [[ -n $found ]] || fail 77 "skipped: no NVIDIA GPU here (nvidia-smi names none)"
  say "$found"
  capability=$(sed 's/.*, *//; s/\.//' <<<"$found")
  if [[ $arch =~ ^[0-9]+$ ]] && ((capability / 10 != arch / 10 || capability < arch)); then
    fail 65 "this GPU is sm_$capability, and sm_$arch was packed: pack --arch $capability"
  fi
  lacking=$(missing "$cuda" | paste -sd ' ')
  [[ -z $lacking ]] || fail 69 "missing on this machine: $lacking (CUDA $cuda and cuDNN 9, in the loader's path or \$CUDA_HOME)"
}

run() {
  local check=no rehearse=no
  local -a options=()
  while (($#)); do
    case $1 in
      --check) check=yes ;;
      --rehearse) rehearse=yes ;;
      -h | --help) usage ;;
      *) options+=("$1") ;;
    esac
    shift
  done
  [[ -f $home/pack.properties ]] || {
    [[ $rehearse == yes || -n $(gpu) ]] || fail 77 "skipped: no NVIDIA GPU here (nvidia-smi names none)"
    fail 69 "run works in the folder that 'bench/gpu.sh pack' makes"
  }
  local cuda arch
  cuda=$(packed cuda)
  arch=$(packed arch)
  look_for_cuda "$cuda"
  [[ $rehearse == yes ]] || require_gpu "$cuda" "$arch"
  [[ $check == no ]] || { say "all that is needed is here"; return; }

  export FACET_HOME="$home" FACET_MODELS_MIRROR="$home/models" ORT_DISABLE_TELEMETRY=1
  # All of Facet's processes take ONNX Runtime from the folder, and unpack nothing.
  export JAVA_TOOL_OPTIONS="-Donnxruntime.native.path=$home/native"
  local -a flags=(-Dfacet.home="$home")
  [[ $rehearse == no ]] || { flags+=(-Dfacet.bench.gpu.rehearsal=true); options+=(--quick); }
  "$home/runtime/bin/java" --enable-native-access=ALL-UNNAMED --add-modules jdk.incubator.vector "${flags[@]}" \
    -jar "$home/bench/target/bench.jar" all --points gpu --photos "$home/photos" --out "$home/results" "${options[@]}"
}

case ${1:-run} in
  pack) pack "${@:2}" ;;
  run) run "${@:2}" ;;
  *) usage ;;
esac
