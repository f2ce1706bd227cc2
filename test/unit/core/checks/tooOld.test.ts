import assert from 'node:assert/strict';
import type { LiveEnvironment, LiveFacts } from '../../../../src/core/checks/live/liveCheck';
import { composeTooOld, engineTooOld } from '../../../../src/core/checks/live/tooOld';
import { UserError } from '../../../../src/core/common/errors';
import { ComposeSource } from '../../../../src/core/compose/composeSource';
import { ComposeConfig } from '../../../../src/core/model/project';
import { buildSnapshot } from '../../../../src/core/model/snapshot';
import { definition, project, service } from '../support/examples';

const refused = new UserError('configuration', 'Additional property x is not allowed');

/** What is told of a file that Compose refuses, by a Compose of this version. */
async function toldByCompose(
  text: string,
  composeVersion: string,
  how: { readonly error?: UserError } = { error: refused },
) {
  const [source] = await ComposeSource.read('/shop/compose.yaml', text);
  const own = definition();
  const checked = {
    definition: own,
    isOnCiOnly: false,
    warnings: [],
    sources: [source],
    takenIn: [],
    envFiles: [],
    ...how,
  };
  const facts = { live: [{ checked }], composeVersion } as unknown as LiveFacts;
  return [...composeTooOld.find(facts, () => false)].map(
    ({ message, places: [place] }) => `${place?.line}: ${message}`,
  );
}

describe('what a version of Compose does not know', () => {
  const ofWeb = (lines: string) => `services:\n  web:\n    image: x\n${lines}\n`;
  const FEATURES = [
    ['include', '2.20.0', 'include: [a.yaml]\n'],
    ['models', '2.38.0', 'models: { a: {} }\n'],
    ['develop', '2.22.0', ofWeb('    develop: { watch: [] }')],
    ['gpus', '2.30.0', ofWeb('    gpus: all')],
    ['label_file', '2.32.2', ofWeb('    label_file: a')],
    ['post_start', '2.30.0', ofWeb('    post_start: [{ command: a }]')],
    ['pre_stop', '2.30.0', ofWeb('    pre_stop: [{ command: a }]')],
    ['provider', '2.36.0', ofWeb('    provider: { type: a }')],
    ['build.entitlements', '2.27.1', ofWeb('    build: { entitlements: [a] }')],
    ['build.ulimits', '2.23.1', ofWeb('    build: { ulimits: { nofile: 1 } }')],
    ['env_file.required', '2.24.0', ofWeb('    env_file: [a, { path: b, required: false }]')],
    ['env_file.format', '2.30.0', ofWeb('    env_file: [{ path: b, format: raw }]')],
    ['!override', '2.24.4', ofWeb('    ports: !override ["1:1"]')],
  ] as const;

  for (const [name, since, text] of FEATURES) {
    it(name, async () => {
      const told = await toldByCompose(text, '2.19.1');
      const line = text.startsWith('services') ? 4 : 1;
      assert.deepEqual(told, [`${line}: "${name}" needs Docker Compose ${since} or later, and this is 2.19.1.`]);
      assert.deepEqual(await toldByCompose(text, since), []);
    });
  }

  it('is not told of files that it accepts, nor of what is half typed', async () => {
    const [, , text] = FEATURES[3];
    assert.deepEqual(await toldByCompose(text, '2.19.1', {}), []);
    for (const half of [
      'services:\n  web:\n    env_file: {',
      'services: [',
      'services:\n  web: *x',
      'services:\n  - gpus',
    ]) {
      assert.deepEqual(await toldByCompose(half, '2.19.1'), [], half);
    }
  });
});

describe('what a version of the engine does not know', () => {
  const told = (config: object, version: string) => {
    const own = definition();
    const resolved = { ...project('web'), config: new ComposeConfig({ services: { web: config } }) };
    const live = {
      checked: {
        definition: own,
        isOnCiOnly: false,
        project: resolved,
        warnings: [],
        sources: [],
        takenIn: [],
        envFiles: [],
      },
      snapshot: buildSnapshot(own, { kind: 'resolved', project: resolved }, [], true),
      services: [service('web')],
      engine: {
        about: {
          version,
          platform: 'linux/amd64',
          dataRoot: '/',
          mapsUsers: false,
          isInSwarm: false,
          addressPools: [],
        },
      },
      takenPorts: [],
      missingAddresses: [],
      certificates: [],
      dataFolders: [],
    } satisfies LiveEnvironment;
    return [...engineTooOld.find({ live: [live] } as unknown as LiveFacts, () => false)].map(({ message }) => message);
  };

  it('is told with the version that does', () => {
    const subpath = { volumes: [{ type: 'volume', source: 'a', target: '/a', volume: { subpath: 'b' } }] };
    assert.deepEqual(told(subpath, '25.0.3'), [
      '"volume.subpath" of service "web" needs Docker Engine 26.0 or later, and this is 25.0.3.',
    ]);
    assert.deepEqual(told(subpath, '26.0.0'), []);
    const image = { volumes: [{ type: 'image', source: 'a', target: '/a' }] };
    assert.equal(told(image, '27.5.1').length, 1);
    assert.deepEqual(told(image, '28.0.0'), []);
    assert.deepEqual(told({ volumes: [{ type: 'volume', volume: {} }] }, '20.10.24+dfsg1'), []);
    assert.match(told({}, '19.03.15')[0] ?? '', /19\.03\.15, which is too old/);
    assert.deepEqual(told(image, 'dev'), []);
  });
});
