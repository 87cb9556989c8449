#!/usr/bin/env bash
# localhost/facet-try/milvus:2.3.5: the engine out of its Python package, in the place of milvusdb/milvus:v2.3.5.
#   deploy/images/try/milvus.sh
# Run it with `milvus run standalone`; its etcd is inside and its data in /var/lib/milvus. Later versions are not packaged.
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
. "$here/../podman.sh"

version=2.3.5
cache=${XDG_CACHE_HOME:-$HOME/.cache}/facet/images/milvus-$version
"$here/debian.sh"
if [[ ! -f $cache/unpacked ]]; then
  mkdir -p "$cache"
  python3 -m venv "$cache/python"
  "$cache/python/bin/pip" install --quiet setuptools "milvus==$version"
  "$cache/python/bin/python" -c "
import sys, milvus
milvus._initialize_data_files(sys.argv[1])
milvus.MilvusServerConfig(data_dir=sys.argv[1]).resolve()" "$cache"
  rm -rf "$cache/python"
  touch "$cache/unpacked"
fi
mkdir -p "$cache/configs/etcd"
cp "$here/etcd.yaml" "$cache/configs/etcd/"
podman build --quiet --format oci --pull=never --tag "localhost/facet-try/milvus:$version" --file - "$cache" > /dev/null <<'FILE'
FROM localhost/facet-try/debian:bookworm
COPY bin /milvus/bin
COPY configs /milvus/configs
# What its Python package wrote into the settings are paths of the machine that unpacked it.
ENV PATH=/milvus/bin:/usr/bin:/bin LD_LIBRARY_PATH=/milvus/bin MILVUSCONF=/milvus/configs DEPLOY_MODE=STANDALONE \
    ETCD_USE_EMBED=true ETCD_CONFIG_PATH=/milvus/configs/etcd/etcd.yaml ETCD_DATA_DIR=/var/lib/milvus/etcd ETCD_LOG_PATH=stdout ETCD_LOG_LEVEL=warn \
    COMMON_STORAGETYPE=local LOCALSTORAGE_PATH=/var/lib/milvus/rows ROCKSMQ_PATH=/var/lib/milvus/queue LOG_FILE_ROOTPATH= \
    COMMON_SESSION_TTL=10 PROXY_PORT=19530 PROXY_INTERNALPORT=19529 METRICS_PORT=9091 ROOTCOORD_PORT=53100 QUERYCOORD_PORT=19531 \
    DATACOORD_PORT=13333 QUERYNODE_PORT=21123 DATANODE_PORT=21124 INDEXNODE_PORT=21121 \
    PROXY_IP=127.0.0.1 ROOTCOORD_IP=127.0.0.1 QUERYCOORD_IP=127.0.0.1 DATACOORD_IP=127.0.0.1 QUERYNODE_IP=127.0.0.1 DATANODE_IP=127.0.0.1 INDEXNODE_IP=127.0.0.1
RUN install -d -o 10001 -g 10001 /var/lib/milvus
USER 10001:10001
WORKDIR /var/lib/milvus
VOLUME /var/lib/milvus
EXPOSE 19530 9091
CMD ["milvus", "run", "standalone"]
FILE
