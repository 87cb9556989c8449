#!/usr/bin/env bash
# The folders of one program, as its image has them: jars without natives, natives beside them, JVM options.
#   deploy/images/program.sh detector|embedder|embedder-cuda|gateway|cli OUT_FOLDER
# Takes what is built (./facet build); needs zip, unzip. Nothing in OUT depends on the time or the machine.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
name=${1:?name of an image}
out=${2:?folder to write}
at=/opt/facet

onnxruntime=1.29.0

case $name in
  detector) module=detector-service port=50052 admin=9465 heap=45 ;;
  embedder | embedder-cuda) module=embedder-service port=50053 admin=9466 heap=45 ;;
  gateway) module=gateway port=50051 admin=9464 heap=60 ;;
  cli) module=cli heap=60 ;;
  *) echo "program.sh: no image '$name'" >&2; exit 2 ;;
esac
service=${name%-cuda}
built=$home/$module/target
[[ -f $built/$module.jar ]] || { echo "program.sh: $module is not built: ./facet build" >&2; exit 69; }

mkdir -p "$out"/{lib,native,program,etc,empty}

# ---- jars, without what is for other machines, and natives out of them
for jar in "$built"/lib/*.jar; do
  case $(basename "$jar") in *-linux-arm64.jar | *-linux-x86_64.jar) ;; *) cp "$jar" "$out/lib/" ;; esac
done
cp "$built/$module.jar" "$out/program/"

natives() { # JAR PATTERN_IN_JAR [FOLDER_TO_REMOVE]: files of a jar into the folder of natives
  [[ -f $1 ]] || return 0
  unzip -qoj "$1" "$2" -d "$out/native"
  [[ -z ${3:-} ]] || zip -qd "$1" "$3/*" > /dev/null
}
first() { local found=("$1"/$2); echo "${found[0]}"; }

natives "$(first "$out/lib" 'grpc-netty-shaded-*.jar')" 'META-INF/native/*_x86_64.so' META-INF/native
natives "$(first "$out/lib" 'sqlite-jdbc-*.jar')" 'org/sqlite/native/Linux/x86_64/*' org/sqlite/native
# Milvus' copies of netty's are under names of its own that no library has: it never finds them.
[[ $name != gateway ]] || zip -qd "$(first "$out/lib" 'milvus-sdk-java-*.jar')" 'META-INF/native/*' > /dev/null
if [[ $name == embedder-cuda ]]; then
  gpu=${MAVEN_REPOSITORY:-$HOME/.m2/repository}/com/microsoft/onnxruntime/onnxruntime_gpu/$onnxruntime/onnxruntime_gpu-$onnxruntime.jar
  [[ -f $gpu ]] || (cd "$home" && mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:get -Dtransitive=false \
    "-Dartifact=com.microsoft.onnxruntime:onnxruntime_gpu:$onnxruntime" >&2)
  unzip -qoj "$gpu" 'ai/onnxruntime/native/linux-x64/*' -d "$out/native"
  rm -f "$out"/native/*tensorrt*
  # The Java classes of both packages are the same.
  zip -qd "$(first "$out/lib" 'onnxruntime-*.jar')" 'ai/onnxruntime/native/*' > /dev/null
else
  natives "$(first "$out/lib" 'onnxruntime-*.jar')" 'ai/onnxruntime/native/linux-x64/*' ai/onnxruntime/native
fi
if [[ $name == detector ]]; then
  natives "$(first "$built/lib" 'javacpp-*-linux-x86_64.jar')" 'org/bytedeco/javacpp/linux-x86_64/libjnijavacpp.so'
  for part in core imgproc imgcodecs; do
    natives "$(first "$built/lib" 'opencv-*-linux-x86_64.jar')" "org/bytedeco/opencv/linux-x86_64/lib*opencv_$part.so*"
  done
  # OpenCV is linked with OpenBLAS; javacpp wants the second one under a name of its own, and links without versions.
  for part in 'libjniopenblas.so' 'libjniopenblas_nolapack.so' 'libopenblas.so.0' 'libgfortran.so.5' 'libquadmath.so.0' 'libgcc_s.so.1'; do
    natives "$(first "$built/lib" 'openblas-*-linux-x86_64.jar')" "org/bytedeco/openblas/linux-x86_64/$part"
  done
  ln -s libopenblas.so.0 "$out/native/libopenblas_nolapack.so.0"
  for library in "$out"/native/*.so.*; do
    ln -s "$(basename "$library")" "${library%.so.*}.so"
  done
fi
chmod 644 "$out"/native/*.so* "$out"/lib/*.jar "$out"/program/*.jar

# ---- JVM options and settings
{
  echo "-XX:+ExitOnOutOfMemoryError"
  echo "-XX:MaxRAMPercentage=$heap"
  # Chosen by us: the JVM would take another collector in a container of less than two processors.
  if [[ $name == cli ]]; then printf '%s\n' -XX:+UseSerialGC -XX:TieredStopAtLevel=1; else echo -XX:+UseG1GC; fi
  echo "-XX:-UsePerfData"
  case $name in detector | gateway) echo "--add-modules=jdk.incubator.vector" ;; esac
  echo "--enable-native-access=ALL-UNNAMED"
  echo "-Djava.library.path=$at/native"
  echo "-Donnxruntime.native.path=$at/native"
  case $name in
    detector)
      echo "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0"
      # All that it would unpack or link is in the folder of natives.
      echo "-Dorg.bytedeco.javacpp.pathsFirst=true"
      echo "-Dorg.bytedeco.javacpp.cachelibraries=false"
      ;;
    gateway) printf '%s\n' "-Dorg.sqlite.lib.path=$at/native" "-Dorg.sqlite.lib.name=libsqlitejdbc.so" ;;
    cli) echo "-Dfacet.home=$at" ;;
  esac
} > "$out/program/jvm.options"

if [[ $name == cli ]]; then
  printf '%s\n' -jar "$at/$module.jar" > "$out/program/program"
else
  printf '%s\n' -jar "$at/$module.jar" --config "/etc/facet/$service.properties" > "$out/program/program"
  printf '%s\n' -Xshare:auto -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx16m -XX:-UsePerfData \
    -cp "$at/lib/$(basename "$(first "$out/lib" 'bootstrap-*.jar')")" dev.facet.bootstrap.ReadyProbe "$admin" > "$out/program/probe"
  {
    echo "# What the image sets; the environment (FACET_GRPC_PORT for grpc.port) has precedence."
    printf '%s\n' grpc.host=0.0.0.0 "grpc.port=$port" admin.host=0.0.0.0 "admin.port=$admin"
    case $service in
      gateway) echo data.directory=/data ;;
      *) printf '%s\n' models.cache=/models models.sources=mirror,upstream ;;
    esac
    [[ $name != embedder-cuda ]] || cat "$home/deploy/config/cuda/embedder.properties"
  } > "$out/etc/$service.properties"
fi
