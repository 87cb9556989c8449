#!/usr/bin/env bash
# localhost/facet-try/postgres:15: Debian's PostgreSQL, in the place of postgres:17 from a registry.
#   deploy/images/try/postgres.sh
# It knows those variables of the public image that Facet's manifests use: POSTGRES_USER, POSTGRES_PASSWORD or
# POSTGRES_PASSWORD_FILE, POSTGRES_DB, PGDATA. As there, the user is 999.
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
. "$here/../podman.sh"

"$here/debian.sh" localhost/facet-try/debian-postgres:bookworm postgresql-15
podman build --quiet --format oci --pull=never --tag localhost/facet-try/postgres:15 --file - "$here" > /dev/null <<'FILE'
FROM localhost/facet-try/debian-postgres:bookworm
COPY postgres-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
# Debian's user has the first free number, the public image's has 999; sockets are in /tmp, as all else may be read-only.
RUN usermod --uid 999 postgres && groupmod --gid 999 postgres && rm -rf /var/lib/postgresql \
 && install -d -o 999 -g 999 /var/lib/postgresql /var/lib/postgresql/data
ENV PATH=/usr/lib/postgresql/15/bin:/usr/local/bin:/usr/bin:/bin PGDATA=/var/lib/postgresql/data LANG=C.UTF-8 PGHOST=/tmp
USER 999:999
WORKDIR /var/lib/postgresql
VOLUME /var/lib/postgresql/data
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
FILE
