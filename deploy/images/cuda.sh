#!/usr/bin/env bash
# A base with what ONNX Runtime's CUDA provider is linked with: CUDA 12.8's and cuDNN 9's libraries out of NVIDIA's Python packages.
#   deploy/images/cuda.sh BASE_IMAGE IMAGE
# The driver comes with the machine: the container engine mounts it (NVIDIA's container toolkit).
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
base=${1:?base image} image=${2:?image to make}
. "$here/podman.sh"

packages=(nvidia-cublas-cu12==12.8.4.1 nvidia-cuda-runtime-cu12==12.8.90 nvidia-cudnn-cu12==9.10.2.21
  nvidia-curand-cu12==10.3.9.90 nvidia-cuda-nvrtc-cu12==12.8.93)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/facet/images/cuda-12.8
if [[ ! -f $cache/unpacked ]]; then
  rm -rf "$cache"
  mkdir -p "$cache/lib" "$cache/licences"
  python3 -m pip download --quiet --no-deps --only-binary :all: --platform manylinux_2_27_x86_64 --platform manylinux2014_x86_64 --platform manylinux_2_17_x86_64 --dest "$cache/wheels" "${packages[@]}"
  for wheel in "$cache"/wheels/*.whl; do
    unzip -qoj "$wheel" 'nvidia/*/lib/*.so*' -d "$cache/lib"
    unzip -qp "$wheel" '*License*' > "$cache/licences/$(basename "${wheel%%-12*}").txt" 2> /dev/null || true
  done
  rm -r "$cache/wheels"
  # For tensor cores of several processes, and for debuggers.
  rm -f "$cache"/lib/*.alt.so* "$cache"/lib/libnvblas*
  touch "$cache/unpacked"
fi
podman build --quiet --format oci --timestamp "${SOURCE_DATE_EPOCH:?}" --pull=never --build-arg "BASE=$base" --tag "$image" --file - "$cache" > /dev/null <<'FILE'
ARG BASE
FROM ${BASE}
COPY lib /opt/cuda/lib
COPY licences /opt/cuda/licences
ENV LD_LIBRARY_PATH=/opt/cuda/lib NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
FILE
