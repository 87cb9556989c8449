#!/usr/bin/env bash
# Secrets for deploy/compose.yaml, drawn at random where there are none: deploy/secrets/{token,key} and deploy/.env.
#   deploy/images/secrets.sh [DIR]     (another folder than deploy/, for both)
set -euo pipefail

folder=${1:-$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)}
random() { od -An -tx1 -N"$1" /dev/urandom | tr -d ' \n'; }

mkdir -p "$folder/secrets"
# Files are mounted one by one for the services' user; the folder keeps others of this machine out.
chmod 700 "$folder/secrets"
[[ -s $folder/secrets/token ]] || random 32 > "$folder/secrets/token"
[[ -s $folder/secrets/key ]] || echo "facet_$(random 8)_$(random 32)" > "$folder/secrets/key"
chmod 444 "$folder"/secrets/{token,key}
[[ -s $folder/.env ]] || (umask 077; printf 'FACET_POSTGRES_PASSWORD=%s\nFACET_S3_SECRET_KEY=%s\n' "$(random 24)" "$(random 24)" > "$folder/.env")
