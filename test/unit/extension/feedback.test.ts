import assert from 'node:assert/strict';
import path from 'node:path';
import { UserError } from '../../../src/core/common/errors';
import type { Belongings } from '../../../src/core/model/belongings';
import type { ConfigurationWarning } from '../../../src/core/model/project';
import { ProgressLine } from '../../../src/extension/operationProgress';
import { operationDone } from '../../../src/extension/operationWords';
import { configurationProblems } from '../../../src/extension/problems/fileProblems';
import { environment, folder } from '../cli/examples';

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

describe('problems of compose files', () => {
  const place = { file: path.join(folder, 'compose.yaml'), line: 3 };
  const error = new UserError('configuration', 'Invalid YAML.', { place, remedy: 'Correct the file.' });

  it('are shown once for all environments that share the file', () => {
    const other = new UserError('configuration', 'No such service.', { place: { file: place.file, line: 9 } });
    const problems = configurationProblems([
      environment('dev', { error }),
      environment('test', { error }),
      environment('ci', { error: other }),
      environment('prod'),
    ]);
    assert.deepEqual(
      [...problems],
      [
        [
          place.file,
          [
            { place, message: 'Invalid YAML. Correct the file. (environments: dev, test)', severity: 'error' },
            { place: other.details.place, message: 'No such service. (environments: ci)', severity: 'error' },
          ],
        ],
      ],
    );
  });

  it('are what Compose warns of, too', () => {
    const warnings: ConfigurationWarning[] = [
      { code: 'unset-variable', message: 'Not set.', remedy: 'Set it.', place },
      { code: 'unset-variable', message: 'Elsewhere.', remedy: 'Look.' },
    ];
    const problems = configurationProblems([environment('dev', { warnings }), environment('test', { warnings })]);
    assert.deepEqual([...problems.values()].flat(), [
      { place, message: 'Not set. Set it. (environments: dev, test)', severity: 'warning' },
    ]);
  });

  it('are not those that are in no file', () => {
    const missing = new UserError('docker-missing', 'No Docker.');
    assert.equal(configurationProblems([environment('dev', { error: missing })]).size, 0);
  });
});
