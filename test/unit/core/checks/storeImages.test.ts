import assert from 'node:assert/strict';
import { isOtherData, isStoreImage } from '../../../../src/core/checks/storeImages';

describe('images of stores', () => {
  it('are those of databases, stores of objects, search engines, caches and queues', () => {
    for (const image of [
      'postgres:16',
      'minio/minio:RELEASE.2025-01-01T00-00-00Z',
      'quay.io/minio/minio',
      'mcr.microsoft.com/azure-storage/azurite',
      'getmeili/meilisearch:v1.12',
      'confluentinc/cp-kafka:7.8.0',
      'docker.dragonflydb.io/dragonflydb/dragonfly',
      'cassandra:5',
      'etcd:3',
    ]) {
      assert.ok(isStoreImage(image), image);
    }
  });

  it('are not those of their clients, of what shows them, and of others', () => {
    for (const image of ['minio/mc', 'provectuslabs/kafka-ui', 'natsio/nats-box', 'prom/prometheus', 'nginx']) {
      assert.ok(!isStoreImage(image), image);
    }
  });

  it('keep data where their manuals say', () => {
    assert.ok(isOtherData('getmeili/meilisearch:v1.12', '/meili_data'));
    assert.ok(isOtherData('solr:9', '/var/solr/'));
    assert.ok(isOtherData('minio/minio', '/data'));
    assert.ok(!isOtherData('nginx', '/data'));
  });
});
