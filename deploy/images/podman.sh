# Sourced: settings for podman where the machine has none and crun, its default, does not run (no cgroup v2, limits
# that cannot be raised). $CONTAINERS_CONF, or a containers.conf of the machine, has precedence.
if [[ -z ${CONTAINERS_CONF:-} && ! -f /etc/containers/containers.conf ]] && ! command -v crun > /dev/null; then
  export CONTAINERS_CONF
  CONTAINERS_CONF=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/containers.conf
fi
