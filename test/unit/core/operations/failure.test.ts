import assert from 'node:assert/strict';
import { buildSnapshot } from '../../../../src/core/model/snapshot';
import { type Complaint, complaintFailure, complaintOf, serviceNamedIn } from '../../../../src/core/operations/failure';
import { definition, project, service } from '../support/examples';
import { FakeClock } from '../support/fakeClock';
import { container, FakeConnection } from '../support/fakeEngine';

// What Docker Compose 2.26.1 printed, with plain progress.
const UNHEALTHY = ` Network app_default  Creating
 Network app_default  Created
 Container app-db-1  Creating
 Container app-db-1  Created
 Container app-web-1  Creating
 Container app-web-1  Created
 Container app-db-1  Starting
 Container app-db-1  Started
 Container app-db-1  Waiting
 Container app-db-1  Error
dependency failed to start: container app-db-1 is unhealthy
`;
const PORT = ` Container app-web-1  Starting
Error response from daemon: driver failed programming external connectivity on endpoint app-web-1 (1f0c): Bind for 127.0.0.1:22101 failed: port is already allocated
`;
const IMAGE = ` web Pulling
 web Error Get "https://berth.invalid/v2/": dial tcp: lookup berth.invalid: no such host
Error response from daemon: Get "https://berth.invalid/v2/": dial tcp: lookup berth.invalid: no such host
`;
const NAME_TAKEN = ` Container other  Creating
 Container other  Error response from daemon: Conflict. The container name "/other" is already in use by container "0123". You have to remove (or rename) that container to be able to reuse that name.
Error response from daemon: Conflict. The container name "/other" is already in use by container "0123". You have to remove (or rename) that container to be able to reuse that name.
`;
const WARNED = `time="2026-01-01T00:00:00Z" level=warning msg="/projects/compose.yaml: \`version\` is obsolete"
network proxy declared as external, but could not be found
`;

const TWO_IMAGES = ` web Pulling
 db Pulling
 0123456789ab Pulling fs layer
 0123456789ab Downloading  1.2MB
 0123456789ab Pull complete
 db Interrupted
 web Warning pull access denied for none
 web Error Get "https://berth.invalid/v2/": dial tcp: lookup berth.invalid: no such host
Error response from daemon: Get "https://berth.invalid/v2/": dial tcp: lookup berth.invalid: no such host
`;
// The steps of a build come on standard output.
const BUILD = {
  stdout: `#0 building with "default" instance using docker driver

#1 [web internal] load build definition from Dockerfile
#1 DONE 0.0s

#5 [web 2/2] RUN make
#5 0.615 make: cc: No such file or directory
#5 ERROR: executor failed running [/bin/sh -c make]: exit code: 2
------
 > [web 2/2] RUN make:
0.615 make: cc: No such file or directory
------
`,
  stderr: ' Container app-db-1  Running\nfailed to solve: executor failed running [/bin/sh -c make]: exit code: 2\n',
};
// What Compose 2.39 prints of the same, with bake: the verdict stands before the file's lines.
const BAKED = `[+] Building 1/2
 > [web 2/2] RUN make:
0.102 make: cc: No such file or directory
------
target web: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2
Dockerfile:2
--------------------
   2 | >>> RUN make
--------------------
`;

const environment = buildSnapshot(
  definition(),
  { kind: 'resolved', project: project('db', 'web', 'web-2') },
  [
    container('1', { name: 'app-db-1', service: 'db' }),
    container('2', { name: 'app-web-1', service: 'web' }),
    container('3', { name: 'app-web-1-extra', service: 'web-2' }),
  ],
  true,
);

/** What is taken out of standard error. */
function complaint(stderr: string): Complaint {
  return taken({ stdout: '', stderr });
}

function taken(output: { stdout: string; stderr: string }): Complaint {
  const found = complaintOf(output);
  assert.ok(found);
  return found;
}

describe('complaintOf', () => {
  it('leaves out what only tells progress, and warnings', () => {
    const said = (stderr: string) => {
      const { message, output } = complaint(stderr);
      return [message, output];
    };
    assert.deepEqual(said(UNHEALTHY), ['dependency failed to start: container app-db-1 is unhealthy', undefined]);
    assert.match(complaint(PORT).message, /^Error response from daemon: driver failed .* port is already allocated$/);
    assert.deepEqual(said(WARNED), ['network proxy declared as external, but could not be found', undefined]);
    assert.match(complaint(NAME_TAKEN).message, /^Error response from daemon: Conflict/);
    assert.equal(complaint(NAME_TAKEN).output, undefined);
  });

  it("of a pull: the daemon's own words", () => {
    for (const stderr of [IMAGE, TWO_IMAGES]) {
      const { message, output } = complaint(stderr);
      assert.match(message, /^Error response from daemon: Get .* no such host$/);
      assert.equal(output, undefined);
    }
  });

  it('of a build: the verdict first, then what the failing step printed', () => {
    const { message, output } = taken(BUILD);
    assert.equal(message, 'failed to solve: executor failed running [/bin/sh -c make]: exit code: 2');
    assert.equal(output, '> [web 2/2] RUN make:\n0.615 make: cc: No such file or directory');
    const baked = complaint(BAKED);
    assert.match(baked.message, /^target web: failed to solve: .* exit code: 2$/);
    assert.match(
      baked.output ?? '',
      /^> \[web 2\/2\] RUN make:\n0\.102 make: cc: No such file or directory\nDockerfile:2\n/,
    );
  });

  it('of a build that says itself that a variable is not set: that, too', () => {
    const step = '#5 0.6 ERROR: The "SECRET_KEY" variable is not set';
    const { output } = taken({
      stdout: ` > [web 2/2] RUN make:\n${step.slice(3)}\n`,
      stderr: 'failed to solve: exit code: 1',
    });
    assert.match(output ?? '', /ERROR: The "SECRET_KEY" variable is not set$/);
  });

  it('gives what there is when there is nothing else', () => {
    assert.equal(complaint(' Container app-web-1  Starting\n').message, 'Container app-web-1  Starting');
    assert.equal(complaintOf({ stdout: '\n', stderr: '' }), undefined);
    const unset = 'time="" level=warning msg="The \\"word\\" variable is not set. Defaulting to a blank string."';
    assert.equal(complaintOf({ stdout: '', stderr: unset }), undefined);
  });

  it('keeps all of a long one', () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    const { message, output } = complaint(lines.join('\r\n'));
    assert.equal(message, 'line 29');
    assert.deepEqual(output?.split('\n'), lines.slice(0, -1));
  });
});

describe('serviceNamedIn', () => {
  const named = (found: Complaint) => serviceNamedIn(found, environment)?.name;
  const namedBy = (message: string) => named({ message, blamed: [] });

  it('by its container', () => {
    assert.equal(named(complaint(UNHEALTHY)), 'db');
    assert.equal(named(complaint(PORT)), 'web');
    assert.equal(namedBy('container app-web-1-extra is unhealthy'), 'web-2', 'not one whose name it begins with');
  });

  it('by itself', () => {
    assert.equal(namedBy('service "web-2" has neither an image nor a build context'), 'web-2');
    assert.equal(namedBy('no such service: "db"'), 'db');
  });

  it('by what the progress of a pull or a build says failed', () => {
    assert.equal(named(complaint(IMAGE)), 'web');
    assert.equal(named(complaint(TWO_IMAGES)), 'web', 'not the one that was only interrupted');
    assert.equal(named(taken(BUILD)), 'web');
    assert.equal(named(complaint(BAKED)), 'web');
  });

  it('not at all', () => {
    assert.equal(named(complaint(WARNED)), undefined);
    assert.equal(namedBy('web site down'), 'web', 'a line of Compose begins with the service');
    assert.equal(namedBy('the db is nice'), undefined);
  });
});

describe('complaintFailure', () => {
  const told = async (message: string, built: boolean) => {
    const { services } = buildSnapshot(
      definition(),
      { kind: 'resolved', project: project(service('web', { image: 'registry.example/web:2', built })) },
      [],
      true,
    );
    const inspect = (question: (engine: object) => Promise<unknown>) => question({ version: async () => '28.2.2' });
    const connection = Object.assign(new FakeConnection(), { inspect }) as never;
    const seek = { clock: new FakeClock(), connection, environments: [], signal: new AbortController().signal };
    return (await complaintFailure({ message, blamed: ['web'] }, services[0], undefined, seek)).error;
  };
  const UNKNOWN = 'Error response from daemon: manifest unknown';
  // What BuildKit says where a registry does not have what a build is FROM.
  const BASE =
    'failed to solve: node:2x: failed to resolve source metadata for docker.io/library/node:2x: docker.io/library/node:2x: not found';

  it('names the image that the registry does not say it was asked for', async () => {
    const { message, details } = await told(UNKNOWN, false);
    assert.equal(message, `The image "registry.example/web:2" is not to be had: ${UNKNOWN}`);
    assert.match(details.remedy ?? '', /named right: the registry does not give it/);
  });

  it('of a build names none but what that was asked for: what it would make is had from nowhere', async () => {
    const { message, details } = await told(BASE, true);
    assert.equal(message, BASE);
    assert.match(details.remedy ?? '', /named right: the registry does not give it/);
    assert.equal((await told(UNKNOWN, true)).message, UNKNOWN);
  });
});
