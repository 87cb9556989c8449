#!/bin/bash
# Makes a database where there is none, as the public image's script of this name does, then becomes PostgreSQL.
set -euo pipefail

if [[ ${1:-postgres} != postgres ]]; then exec "$@"; fi
user=${POSTGRES_USER:-postgres}
password=${POSTGRES_PASSWORD:-}
if [[ -n ${POSTGRES_PASSWORD_FILE:-} ]]; then password=$(< "$POSTGRES_PASSWORD_FILE"); fi
if [[ ! -s $PGDATA/PG_VERSION ]]; then
  [[ -n $password ]] || { echo "POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE must be set" >&2; exit 1; }
  initdb --username="$user" --pwfile=<(echo "$password") --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
  if [[ ${POSTGRES_DB:-$user} != postgres ]]; then
    pg_ctl -D "$PGDATA" -o "-c listen_addresses= -c unix_socket_directories=/tmp" -w start
    createdb --username="$user" "${POSTGRES_DB:-$user}"
    pg_ctl -D "$PGDATA" -m fast -w stop
  fi
fi
exec postgres -c listen_addresses='*' -c unix_socket_directories=/tmp "${@:2}"
