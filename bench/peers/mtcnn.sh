#!/usr/bin/env bash
# Facet's MTCNN beside facenet-pytorch's, on the same photos and as many threads as processors.
#   bench/peers/mtcnn.sh [ROUNDS [SETTING=VALUE ...]]    for example: 15 mtcnn.refinement-batch=32
# Needs python3.11, Maven, JAVA_HOME of a JDK 25, and FACET_SHARED with models/ and photos/.
# The peer's packages (5 GB) are installed once, under ~/.cache/facet/bench.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
peer="$HOME/.cache/facet/bench/facenet-pytorch"
rounds=${1:-11}

if ! "$peer/bin/python" -c 'import facenet_pytorch' 2>/dev/null; then
  python3.11 -m venv "$peer"
  "$peer/bin/pip" install -q -r "$home/bench/peers/facenet-pytorch.txt"
fi

cd "$home"
mvn -q -B test-compile dependency:build-classpath -Dmdep.outputFile="$home/detector-service/target/comparison.txt" \
  -pl detector-service -am
cd detector-service
exec "$JAVA_HOME/bin/java" -Xmx1g --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
  -cp "target/test-classes:target/classes:$(cat target/comparison.txt)" \
  dev.facet.detector.MtcnnComparison "$peer/bin/python" "$rounds" "${@:2}"
