import assert from 'node:assert/strict';
import type { Belongings } from '../../../src/core/model/belongings';
import { ProgressLine } from '../../../src/extension/operationProgress';
import { operationDone } from '../../../src/extension/operationWords';
import { environment } from '../cli/examples';

describe('the line of an operation that runs', () => {
  it("is Compose's own until a service changes, then the services' ways", () => {
    const line = new ProgressLine('up');
    assert.equal(line.take({ kind: 'waiting' }), 'waits for the operation before it');
    assert.equal(
      line.take({ kind: 'waiting', holder: 'down (berth, process 4711)' }),
      'waits for down (berth, process 4711)',
    );
    assert.equal(line.take({ kind: 'output', line: 'db Pulling' }), 'db Pulling');
    assert.equal(line.take({ kind: 'service', service: 'db', health: 'starting' }), 'db starting');
    assert.equal(line.take({ kind: 'output', line: 'Container db Started' }), undefined);
    assert.equal(line.take({ kind: 'service', service: 'web', health: 'starting' }), 'db starting, web starting');
    assert.equal(line.take({ kind: 'service', service: 'db', health: 'healthy' }), 'db healthy, web starting');
  });

  it('stays with Compose where images are made, whatever becomes of the services meanwhile', () => {
    const line = new ProgressLine('build');
    assert.equal(line.take({ kind: 'service', service: 'db', health: 'unhealthy' }), undefined);
    assert.equal(line.take({ kind: 'output', line: '#5 [2/3] RUN make' }), '#5 [2/3] RUN make');
  });
});

describe('what is said when an operation went well', () => {
  const dev = environment('dev');
  const nothing: Belongings = { containers: [], networks: [], volumes: [] };
  const volume = { name: 'shop_data', anonymous: false };

  it('is what there still is, after something was taken down', () => {
    const done = (kept?: Belongings) => operationDone('down', 'dev', dev, kept);
    assert.equal(done(), 'dev is down');
    assert.equal(done(nothing), 'dev is down');
    assert.equal(done({ ...nothing, volumes: [volume] }), 'dev is down; its volumes are kept');
    assert.equal(
      done({ ...nothing, networks: ['shop_default'], volumes: [volume] }),
      'dev is down; still there: shop_default, shop_data',
    );
  });

  it('is how the environment is, after something was started', () => {
    assert.equal(operationDone('reset', 'dev', dev), 'dev is reset: stopped');
    assert.equal(operationDone('pull', 'dev', dev), 'The images of dev are pulled');
  });
});
