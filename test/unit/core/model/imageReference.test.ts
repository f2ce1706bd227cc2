import assert from 'node:assert/strict';
import { imageReference } from '../../../../src/core/model/imageReference';

describe('references of images', () => {
  it('are official where Docker has them under no owner', () => {
    assert.deepEqual(imageReference('postgres'), { name: 'postgres', repository: 'postgres', isOfficial: true });
    const redis = { name: 'redis', repository: 'redis', isOfficial: true, tag: '7-alpine' };
    assert.deepEqual(imageReference('redis:7-alpine'), redis);
    assert.deepEqual(imageReference('docker.io/library/redis:7-alpine'), redis);
  });

  it('have an owner, a registry with a port, a tag and a digest', () => {
    assert.deepEqual(imageReference('bitnami/redis'), {
      name: 'redis',
      repository: 'bitnami/redis',
      isOfficial: false,
    });
    assert.deepEqual(imageReference('registry:5000/redis'), { name: 'redis', repository: 'redis', isOfficial: false });
    assert.deepEqual(imageReference('registry:5000/a/b/redis:7@sha256:0'), {
      name: 'redis',
      repository: 'a/b/redis',
      isOfficial: false,
      tag: '7',
      digest: 'sha256:0',
    });
  });
});
