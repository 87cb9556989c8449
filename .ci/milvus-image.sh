#!/usr/bin/env bash
# Builds milvusdb/milvus:v2.3.5 for the tests from Debian's packages and PyPI's engine, for machines
# that reach no registry of images. The image holds the same engine as the original, nothing else.
#   .ci/milvus-image.sh        needs root, podman, runc, mmdebstrap, python3
# Then the tests find it, with nothing else to set:
#   podman system service --time=0 unix:///run/facet/podman.sock &
#   DOCKER_HOST=unix:///run/facet/podman.sock ./facet test
# On machines where limits cannot be raised, containers.conf (or a file that CONTAINERS_CONF names):
#   [containers] default_ulimits=["nofile=4096:4096","nproc=4096:4096"]
#   [engine]     runtime="runc"
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mmdebstrap --quiet --variant=minbase --include=libgomp1,libstdc++6,ca-certificates \
  bookworm "$work/rootfs.tar"

python3 -m venv "$work/python"
"$work/python/bin/pip" install --quiet 'setuptools<81' milvus==2.3.5
PYTHONWARNINGS=ignore "$work/python/bin/python3" - "$work/milvus" <<'PYTHON'
import sys, milvus
server = milvus.default_server
server.set_base_dir(sys.argv[1])
ports = {'proxy_port': 19530, 'proxy_internal_port': 19529, 'query_coord_port': 19533}
for port, number in ports.items():
    server.config.set(port, number)
server.config.resolve()
# Ports that are busy here are free in the container.
for port, number in ports.items():
    server.config.configurable_items[port][1] = number
server.config.write_config()
milvus._initialize_data_files(sys.argv[1])
PYTHON
rm -f "$work"/milvus/bin/*.md5
sed -i "s#$work/milvus#/milvus#g" "$work/milvus/configs/milvus.yaml"
mkdir -p "$work/milvus/run" "$work/state/milvus"

cat >"$work/Dockerfile" <<'IMAGE'
FROM scratch
ADD rootfs.tar /
COPY milvus /milvus
COPY state /var/lib
ENV PATH=/milvus/bin:/usr/bin:/bin LD_LIBRARY_PATH=/milvus/bin MILVUS_RUN_DIR=/milvus/run
WORKDIR /milvus
EXPOSE 19530 9091
IMAGE
podman build --quiet --tag docker.io/milvusdb/milvus:v2.3.5 "$work"
