import { imageReference } from '../model/imageReference';
import { storeKindOf } from '../model/storeKind';

/** Data stores that Berth does not talk to, by the names of their images, without registry and owner. */
const OTHER_STORES =
  /^(?:activemq(?:-classic|-artemis)?|arangodb|azurite|cassandra|chroma|clickhouse(?:-server)?|cockroach|couchbase|couchdb|cp-kafka|dragonfly|dynamodb-local|elasticsearch|etcd|garage|influxdb|kafka|keydb|meilisearch|memcached|milvus|minio|nats|neo4j|opensearch|oracle-(?:free|xe)|qdrant|questdb|rabbitmq|redpanda|rethinkdb|rustfs|scylla|seaweedfs|solr|surrealdb|typesense|victoria-metrics|weaviate|zookeeper)$/;
/** Whose name alone says nothing. */
const OTHER_REPOSITORIES = /^(?:mssql\/server|mssql\/rhel\/server|azure-sql-edge)$/;

/** Whether a service keeps data for others, going by its image: databases, stores of objects, search engines, caches, queues. */
export function isStoreImage(image: string | undefined): boolean {
  if (image === undefined) return false;
  const { name, repository } = imageReference(image);
  return storeKindOf({ image }) !== undefined || OTHER_STORES.test(name) || OTHER_REPOSITORIES.test(repository);
}

/** Where such stores keep data in a container. Source: the documentation of their images. */
const OTHER_DATA =
  /^(?:\/var\/lib\/(?:arangodb3|cassandra|clickhouse|influxdb2?|questdb|rabbitmq|scylla|weaviate)|\/usr\/share\/(?:elastic|open)search\/data|\/meili_data|\/var\/(?:opt\/mssql|solr)|\/opt\/couchdb\/data|\/qdrant\/storage|\/cockroach\/cockroach-data)\/?$/;
/** Those that keep it in `/data`, as other programs do as well. */
const IN_DATA = /^(?:chroma|dragonfly|minio|neo4j|rustfs|seaweedfs|typesense)$/;

/** Whether what is mounted at a path is the data of a store that Berth does not talk to. */
export function isOtherData(image: string | undefined, target: string): boolean {
  return OTHER_DATA.test(target) || (target === '/data' && IN_DATA.test(imageReference(image ?? '').name));
}

/** Programs that show somebody what is in a store: they may be started before it. */
const CONSOLES =
  /^(?:adminer|pgadmin4?|pgweb|phpmyadmin|phppgadmin|mongo-express|redis-commander|redisinsight|phpredisadmin|p3x-redis-ui|kafka-ui|cloudbeaver|dozzle)$/;

/** Whether a service is such a program, going by its image. */
export function isConsoleImage(image: string | undefined): boolean {
  return image !== undefined && CONSOLES.test(imageReference(image).name);
}
