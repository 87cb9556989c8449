# Sourced by build.sh: train NAME... leaves $work/NAME/trained/program.aot for the services named.
# A cache fits one JVM, one class path and its times: it is made by the image's own JVM, in the image, at the same paths.

running=()

# One service of a training run, in the network of the first; it has loopback and nothing else.
start_training() { # NAME
  local name=$1 options=() folder=$work/$1/trained
  install -d -o 10001 -g 10001 "$folder"
  case $name in
    detector | embedder) options+=(--mount "type=bind,source=$models,destination=/mirror,ro" --env FACET_MODELS_MIRROR=/mirror) ;;
  esac
  if ((${#running[@]})); then options+=(--network "container:${running[0]}"); else options+=(--network none); fi
  running+=("$(podman run --detach --entrypoint /opt/java/bin/java --read-only --tmpfs /tmp:rw,mode=1777 "${options[@]}" \
    --volume /models --volume /data --mount "type=bind,source=$folder,destination=/trained" \
    "localhost/facet/$name:$tag-plain" -XX:AOTCacheOutput=/trained/program.aot @/opt/facet/jvm.options @/opt/facet/program \
    grpc.host=127.0.0.1 admin.host=127.0.0.1 drain.delay=0s)")
}

# Waits until the last one started says that it is ready.
await_ready() { # NAME
  local try
  for ((try = 0; try < 120; try++)); do
    if podman exec "${running[-1]}" /opt/java/bin/java @/opt/facet/probe; then return; fi
    sleep 1
  done
  podman logs "${running[-1]}" >&2
  fail 69 "$1 did not become ready"
}

end_training() {
  local i # the gateway first; the first one's network is the others'
  for ((i = ${#running[@]} - 1; i >= 0; i--)); do podman stop --time 120 "${running[i]}" > /dev/null; done
  for ((i = ${#running[@]} - 1; i >= 0; i--)); do podman rm --force --volumes "${running[i]}" > /dev/null; done
  running=()
}

train() { # NAME...: all services together, so that they learn from calls
  local name services=() file
  [[ $train != no ]] || return 0
  for name in "$@"; do [[ $name == cli ]] || services+=("$name"); done
  if [[ $train != auto ]]; then
    for name in "${services[@]}"; do
      file=$train/${name%-cuda}.aot
      [[ -f $file ]] || fail 69 "--train: no $file"
      mkdir -p "$work/$name/trained"
      cp "$file" "$work/$name/trained/program.aot"
    done
    return 0
  fi
  if [[ ! -d $models ]]; then
    say "not trained: no model files for the run (--models DIR)"
    return 0
  fi
  trap 'end_training; rm -rf "$work"' EXIT
  for name in detector embedder gateway; do
    [[ " ${services[*]} " != *" $name "* ]] || { start_training "$name"; await_ready "$name"; }
  done
  if [[ " $* " == *" detector embedder gateway cli "* ]]; then
    photo=${photo:-$(find "${FACET_SHARED:-/nowhere}/photos" -name '*.jpg' 2> /dev/null | sort | head -1)}
    if [[ -f $photo ]]; then
      learn_from "$photo"
    else
      say "the services learned from their start alone: no --photo"
    fi
  fi
  end_training
  trap 'rm -rf "$work"' EXIT
}

learn_from() { # PHOTO
  local command
  for command in "enroll /photo.jpg --subject someone" "search /photo.jpg" "identify /photo.jpg"; do
    # shellcheck disable=SC2086
    podman run --rm --network "container:${running[0]}" --mount "type=bind,source=$1,destination=/photo.jpg,ro" \
      --read-only --tmpfs /tmp:rw,mode=1777 "localhost/facet/cli:$tag-plain" $command > /dev/null
  done
}
