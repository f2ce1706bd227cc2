#!/bin/sh
# Does what the documentation of the official redis image promises.
set -e

# Options alone, or a configuration file, mean the server.
if [ "${1#-}" != "$1" ] || [ "${1%.conf}" != "$1" ]; then
  set -- redis-server "$@"
fi

if [ "$1" = redis-server ]; then
  if [ "$(id -u)" = 0 ]; then
    find . \! -user redis -exec chown redis '{}' +
    exec setpriv --reuid=redis --regid=redis --init-groups "$0" "$@"
  fi
  case "${2:-}" in
    *.conf | - | -v | --version | -h | --help) ;;
    *)
      shift
      set -- redis-server /usr/local/etc/redis-stand-in.conf "$@"
      ;;
  esac
fi

exec "$@"
