#!/bin/sh
# Runs a command with DATABASE_URL at a throw-away server made from Debian's PostgreSQL (15 to 18).
# As root the package is installed when it is missing; anyone else needs it installed.
set -eu
if [ -n "${DATABASE_URL:-}" ]; then exec "$@"; fi
find_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }
bin=$(find_bin)
if [ ! -x "${bin:-/none}/initdb" ] && [ "$(id -u)" = 0 ]; then
    apt-get -qq update && apt-get -qq install -y --no-install-recommends postgresql >/dev/null
    bin=$(find_bin)
fi
[ -x "${bin:-/none}/initdb" ] || { echo "PostgreSQL's server is not installed" >&2; exit 1; }

dir=$(mktemp -d)
as=""
if [ "$(id -u)" = 0 ]; then
    chown postgres "$dir"
    as="setpriv --reuid=postgres --regid=postgres --clear-groups"
fi
chmod 711 "$dir"
(cd / && $as "$bin/initdb" -D "$dir/data" -U spartito --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null)
(cd / && $as "$bin/pg_ctl" -s -w -D "$dir/data" -l "$dir/log" -o "-c listen_addresses='' -k $dir -c fsync=off -c max_connections=200" start)
trap '(cd / && $as "$bin/pg_ctl" -s -m immediate -D "$dir/data" stop); rm -rf "$dir"' EXIT INT TERM
DATABASE_URL="postgresql://spartito@/postgres?host=$dir" "$@"
