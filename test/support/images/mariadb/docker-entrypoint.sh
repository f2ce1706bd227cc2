#!/bin/bash
# Does what the documentation of the official mariadb image promises: the same variables, the same order of steps.
set -Eeo pipefail

data=/var/lib/mysql

# Takes MARIADB_NAME from itself, from MYSQL_NAME, or from the file that either's NAME_FILE names.
from_variable_or_file() {
  local name="MARIADB_$1" old="MYSQL_$1" file
  file="${name}_FILE"
  [ -n "${!file:-}" ] || file="${old}_FILE"
  if [ -n "${!file:-}" ]; then
    export "$name"="$(<"${!file}")"
  else
    export "$name"="${!name:-${!old:-}}"
  fi
}

become_mysql() {
  chown -R mysql:mysql "$data" /run/mysqld
  exec setpriv --reuid=mysql --regid=mysql --init-groups "$0" "$@"
}

require_password() {
  if [ -n "$MARIADB_ROOT_PASSWORD$MARIADB_ALLOW_EMPTY_ROOT_PASSWORD$MARIADB_RANDOM_ROOT_PASSWORD" ]; then return; fi
  cat >&2 <<'END'
[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified
	You need to specify one of MARIADB_ROOT_PASSWORD, MARIADB_ROOT_PASSWORD_HASH, MARIADB_ALLOW_EMPTY_ROOT_PASSWORD and MARIADB_RANDOM_ROOT_PASSWORD
END
  exit 1
}

# Prints a text as one in SQL.
quoted() {
  local text="${1//\\/\\\\}"
  printf "'%s'" "${text//\'/\\\'}"
}

sql() {
  MYSQL_PWD="$MARIADB_ROOT_PASSWORD" mariadb --user=root "$@"
}

make_users() {
  local check
  check="$(head -c 24 /dev/urandom | base64)"
  printf '[mariadb-client]\nhost=127.0.0.1\nuser=healthcheck\npassword="%s"\n' "$check" >"$data/.my-healthcheck.cnf"
  MYSQL_PWD='' mariadb --user=root <<END
CREATE USER healthcheck@localhost IDENTIFIED BY '$check', healthcheck@127.0.0.1 IDENTIFIED BY '$check';
CREATE USER root@'%' IDENTIFIED BY $(quoted "$MARIADB_ROOT_PASSWORD");
GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;
SET PASSWORD FOR root@localhost = PASSWORD($(quoted "$MARIADB_ROOT_PASSWORD"));
END
  if [ -n "$MARIADB_DATABASE" ]; then sql <<<"CREATE DATABASE \`$MARIADB_DATABASE\`;"; fi
  # One without a password is not made.
  if [ -z "$MARIADB_USER" ] || [ -z "$MARIADB_PASSWORD" ]; then return; fi
  sql <<<"CREATE USER $(quoted "$MARIADB_USER")@'%' IDENTIFIED BY $(quoted "$MARIADB_PASSWORD");"
  if [ -n "$MARIADB_DATABASE" ]; then
    sql <<<"GRANT ALL ON \`${MARIADB_DATABASE//_/\\_}\`.* TO $(quoted "$MARIADB_USER")@'%';"
  fi
}

run_initialisation_files() {
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case "$file" in
      *.sh) echo "$0: running $file" && "$file" ;;
      *.sql) echo "$0: running $file" && sql "$MARIADB_DATABASE" <"$file" ;;
      */\*) ;; # nothing in there
      *) echo "$0: ignoring $file" ;;
    esac
  done
}

initialise() {
  require_password
  if [ -n "$MARIADB_RANDOM_ROOT_PASSWORD" ]; then
    MARIADB_ROOT_PASSWORD="$(head -c 24 /dev/urandom | base64)"
    echo "GENERATED ROOT PASSWORD: $MARIADB_ROOT_PASSWORD"
  fi
  mariadb-install-db --datadir="$data" --auth-root-authentication-method=normal --skip-test-db --skip-name-resolve

  # For its own set-up the server listens on no network, so that nobody takes it for ready.
  mariadbd --skip-networking &
  local server=$!
  until MYSQL_PWD='' mariadb --user=root --execute='SELECT 1' >/dev/null 2>&1; do
    kill -0 "$server"
    sleep 0.1
  done
  make_users
  run_initialisation_files
  kill "$server"
  wait "$server"
  printf '\nMariaDB init process done. Ready for start up.\n\n'
}

if [ "${1:0:1}" = - ]; then set -- mariadbd "$@"; fi

if [ "$1" = mariadbd ] || [ "$1" = mysqld ]; then
  if [ "$(id -u)" = 0 ]; then become_mysql "$@"; fi
  for name in ROOT_PASSWORD DATABASE USER PASSWORD RANDOM_ROOT_PASSWORD; do from_variable_or_file "$name"; done
  : "${MARIADB_ALLOW_EMPTY_ROOT_PASSWORD:=${MYSQL_ALLOW_EMPTY_PASSWORD:-}}"
  if [ ! -d "$data/mysql" ]; then initialise; fi
fi

exec "$@"
