#!/bin/sh
# Does what the documentation of the official mariadb image promises of its options --connect and --innodb_initialized,
# whichever is given: the server answers on the network, which it does only once it has been set up.
exec mariadb --defaults-extra-file=/var/lib/mysql/.my-healthcheck.cnf --protocol=tcp --execute='SELECT 1' >/dev/null
