# Shared by the scripts in dev/: places, messages, the database server. Sourced, never run.
# shellcheck shell=bash
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
WORK=$ROOT/.odoo
VENV=$WORK/venv
PGDIR=$WORK/pg
export PGDIR
MODULE=invoice_to_cash
# Modules that the add-on depends on or is shown with; they fill the base database.
BASE_MODULES=account_payment,sale_stock,sale_crm,l10n_kz,payment_demo

say() { printf '\033[1;34m==>\033[0m %s\n' "$*" >&2; }
note() { printf '    %s\n' "$*" >&2; }
die() {
    printf '\033[1;31mstopped:\033[0m %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '    %s\n' "$line" >&2; done
    exit 1
}

# as_root COMMAND...: as it is when root, through sudo otherwise.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else die "this step needs root: $*" "Run it as root, or install sudo."; fi
}

# stamp NAME CONTENT...: true when the step NAME was done with the same content.
# The folder's own path is part of it: a moved checkout builds its environment anew.
stamp_is() { [ -f "$WORK/stamps/$1" ] && [ "$(cat "$WORK/stamps/$1")" = "$ROOT ${*:2}" ]; }
stamp_set() { mkdir -p "$WORK/stamps" && printf '%s' "$ROOT ${*:2}" >"$WORK/stamps/$1"; }

digest() { sha256sum | cut -c1-12; }

# --- PostgreSQL -----------------------------------------------------------
# PostgreSQL refuses to run as root: there it runs as the package's user
# "postgres", with the right to pass folders that only root may enter (a clone
# may lie below such a one).
as_pg() {
    if [ "$(id -u)" -ne 0 ]; then "$@"
    elif runuser -u postgres -- test -x "$PGDIR" 2>/dev/null; then
        (cd / && runuser -u postgres -- "$@")
    else
        (cd / && setpriv --reuid=postgres --regid=postgres --init-groups \
            --inh-caps=+dac_override,+dac_read_search \
            --ambient-caps=+dac_override,+dac_read_search "$@")
    fi
}

pg_bin() {
    local found
    # shellcheck disable=SC2012
    found=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
    if [ -n "$found" ] && [ -x "$found/initdb" ]; then echo "$found"
    elif command -v initdb >/dev/null; then dirname "$(command -v initdb)"
    else die "no PostgreSQL server found" "Install PostgreSQL 13 or newer (Debian: apt install postgresql)."; fi
}

pg_env() {
    PGHOST=127.0.0.1 PGUSER=odoo
    PGPORT=$(cat "$PGDIR/port") PGPASSWORD=$(cat "$PGDIR/password")
    export PGHOST PGPORT PGUSER PGPASSWORD
}

pg_running() { as_pg "$(pg_bin)/pg_ctl" -D "$PGDIR/data" status >/dev/null 2>&1; }

pg_start() {
    pg_env
    pg_running && return
    # Another program may have taken the port since the last start.
    if (exec 3<>"/dev/tcp/127.0.0.1/$PGPORT") 2>/dev/null; then
        free_port >"$PGDIR/port"
        pg_env
        write_conf
    fi
    as_pg "$(pg_bin)/pg_ctl" -D "$PGDIR/data" -l "$PGDIR/data/server.log" -w -t 60 \
        -o "-p $PGPORT" start >/dev/null 9>&- ||
        die "the database server did not start" "Its log: $PGDIR/data/server.log" \
            "To begin anew: rm -rf $PGDIR && dev/setup"
}

pg_stop() { if [ -d "$PGDIR/data" ] && pg_running; then as_pg "$(pg_bin)/pg_ctl" -D "$PGDIR/data" -m fast -w stop >/dev/null; fi; }

free_port() {
    "$VENV/bin/python" - <<'P'
import socket
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    print(s.getsockname()[1])
P
}

sql() { "$(pg_bin)/psql" -XAtq -v ON_ERROR_STOP=1 -d "${DB:-postgres}" -c "$1"; }
db_exists() { [ "$(sql "SELECT 1 FROM pg_database WHERE datname = '$1'")" = 1 ]; }

db_drop() {
    PGOPTIONS="-c client_min_messages=warning" sql "DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)"
    rm -rf "$WORK/data/filestore/$1"
}

# db_copy FROM TO: a copy with its files; FROM must have no connections.
db_copy() {
    db_drop "$2"
    sql "CREATE DATABASE \"$2\" TEMPLATE \"$1\""
    if [ -d "$WORK/data/filestore/$1" ]; then
        cp -r "$WORK/data/filestore/$1" "$WORK/data/filestore/$2"
    fi
}

# --- Odoo -----------------------------------------------------------------
odoo_env() {
    ODOO=$(cat "$WORK/odoo_path")
    ODOO_ADDONS=$WORK/addons
    [ -d "$ODOO/addons" ] && [ -f "$ODOO/addons/base/__manifest__.py" -o -d "$ODOO/addons/account" ] &&
        ODOO_ADDONS=$ODOO/addons,$ODOO_ADDONS
    export PYTHONPATH=$ODOO PATH=$VENV/bin:$PATH ODOO_RC=$WORK/odoo.conf
    export I2C_ROOT=$ROOT I2C_SAMPLES=${I2C_SAMPLES:-$ROOT/../shared/samples}
    pg_env
}

write_conf() {
    pg_env
    odoo_env
    cat >"$WORK/odoo.conf" <<C
[options]
addons_path = $ODOO_ADDONS
data_dir = $WORK/data
db_host = $PGHOST
db_port = $PGPORT
db_user = $PGUSER
db_password = $PGPASSWORD
db_maxconn = 32
http_interface = 127.0.0.1
list_db = False
workers = 0
limit_time_real = 3600
limit_time_cpu = 3600
C
    chmod 600 "$WORK/odoo.conf"
}

# odoo ARGS...: Odoo's command. Never started in a folder that holds a folder
# named "odoo": that would be taken for the package.
odoo() { (cd "$WORK/addons" && exec "$VENV/bin/python" -m odoo "$@"); }

# run_logged TITLE LOG COMMAND...: progress on screen, the rest in the log.
run_logged() {
    local title=$1 log=$2 start=$SECONDS
    shift 2
    say "$title"
    mkdir -p "$(dirname "$log")"
    if ! "$@" >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        die "$title: failed" "The whole log: $log"
    fi
    note "done in $((SECONDS - start)) s"
}

# bad_log_lines LOG: errors and warnings that nobody expects, none when clean.
# The expected ones are listed in dev/log_allowed.txt, each with its reason.
bad_log_lines() {
    grep -E '^[0-9-]+ [0-9:,]+ [0-9]+ (WARNING|ERROR|CRITICAL) ' "$1" |
        grep -vEf <(grep -vE '^(#|$)' "$ROOT/dev/log_allowed.txt") || true
}
