#!/usr/bin/env bash
# The libraries of CUDA that a provider of ONNX Runtime asks for, without CUDA: paper_gpu.sh PROVIDER.so FOLDER
set -euo pipefail

provider=$1
folder=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# What it needs of a library: name@VERSION
asked() { nm -D --undefined-only "$provider" | sed -n 's/.* U \(cu[A-Za-z0-9_]*\|__cuda[A-Za-z0-9_]*\)@\(lib[A-Za-z.0-9]*\)$/\1 \2/p'; }

build() { # LIBRARY VERSION C-FILE...: with every symbol that is asked for under the version
  local library=$1 version=$2 symbol map="$folder/$1.map" rest="$folder/$1.c"
  printf '%s { global: *; };\n' "$version" >"$map"
  : >"$rest"
  asked | awk -v version="$version" '$2 == version { print $1 }' | while read -r symbol; do
    grep -qsE "[ *]$symbol\(" "${@:3}" || printf 'int %s(void) { return 0; }\n' "$symbol"
  done >>"$rest"
  gcc -w -shared -fPIC -Wl,-soname,"$library" -Wl,--version-script="$map" -o "$folder/$library" "$rest" "${@:3}"
}

mkdir -p "$folder"
printf 'int cublasCreate_v2(void **h) { static int one; *h = &one; return 0; }\n' >"$folder/handles.c"
printf 'int cublasLtCreate(void **h) { static int one; *h = &one; return 0; }\n' >"$folder/handles_lt.c"
build libcudart.so.12 libcudart.so.12 "$here/paper_gpu.c"
build libcublas.so.12 libcublas.so.12 "$folder/handles.c"
build libcublasLt.so.12 libcublasLt.so.12 "$folder/handles_lt.c"
build libcurand.so.10 libcurand.so.10
build libcuda.so.1 none
