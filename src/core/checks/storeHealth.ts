import { record, text } from '../common/json';
import { type ImageReference, imageReference } from '../model/imageReference';
import { storeKindOf } from '../model/storeKind';

/**
 * Docker's official images that bring no health check. Source: their Dockerfiles, none of which has `HEALTHCHECK`; the team that
 * maintains them takes none in ("healthcheck" in their frequently asked questions).
 */
const WITHOUT_HEALTH_CHECK =
  /^(?:adminer|alpine|amazoncorretto|busybox|caddy|cassandra|couchdb|debian|eclipse-temurin|fedora|golang|haproxy|httpd|influxdb|mariadb|memcached|mongo|mysql|nginx|node|openjdk|php|postgres|python|rabbitmq|redis|ruby|rust|traefik|ubuntu|valkey|wordpress|zookeeper)$/;

/** Whether an image surely brings no health check of its own. */
export function hasNoHealthCheck(image: string | undefined): boolean {
  if (image === undefined) return false;
  const { isOfficial, repository } = imageReference(image);
  const isOfValkey = repository === 'valkey/valkey';
  return isOfValkey || (isOfficial && WITHOUT_HEALTH_CHECK.test(repository));
}

/**
 * The command that tells whether a store takes requests, as `healthcheck.test` has it in a compose file; undefined where none is known.
 * Users and databases are named by the variables of the container, so that they may change. Sources: the documentation of each image and
 * tool; `mysqladmin ping` by TCP fails while the image still sets the database up, which it does behind a socket only.
 * @param config what Compose says of the service.
 */
export function healthCommand(config: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  const image = imageReference(text(config.image));
  const isSet = (name: string) => record(config.environment)[name] !== undefined;
  switch (storeKindOf({ image: text(config.image) })) {
    case 'postgres': {
      const user = isSet('POSTGRES_USER') ? '$$POSTGRES_USER' : 'postgres';
      return ['CMD-SHELL', `pg_isready -U ${user}${isSet('POSTGRES_DB') ? ' -d $$POSTGRES_DB' : ''}`];
    }
    case 'redis':
      return ['CMD', image.name === 'valkey' ? 'valkey-cli' : 'redis-cli', 'ping'];
    case 'mysql':
      return image.name === 'mariadb'
        ? ['CMD', 'healthcheck.sh', '--connect', '--innodb_initialized']
        : ['CMD', 'mysqladmin', 'ping', '-h', '127.0.0.1', '--silent'];
    case 'mongo':
      return ['CMD', mongoShell(image), '--quiet', '--eval', "db.adminCommand('ping').ok"];
    case undefined:
      return image.name === 'rabbitmq' ? ['CMD', 'rabbitmq-diagnostics', '-q', 'ping'] : undefined;
  }
}

/** Images of MongoDB 4 and older have the older shell. */
function mongoShell({ tag = '' }: ImageReference): string {
  return /^[1-4](?:\D|$)/.test(tag) ? 'mongo' : 'mongosh';
}
