import assert from 'node:assert/strict';
import { UserError } from '../../../../src/core/common/errors';
import { buildSnapshot } from '../../../../src/core/model/snapshot';
import { failureReport } from '../../../../src/core/operations/report';
import { definition, project, service } from '../support/examples';
import { container } from '../support/fakeEngine';

describe('failureReport', () => {
  const db = container('a', { service: 'db', state: 'exited', exitCode: 1, stoppedOnRequest: false });
  const environment = buildSnapshot(
    definition({ projectDirectory: '/home/me/app' }),
    { kind: 'resolved', project: project(service('db', { image: 'postgres:16' }), 'web') },
    [db],
    true,
  );
  const facts = {
    request: { operation: 'up', environmentId: 'x', services: [], options: { build: true, profiles: ['a', 'b'] } },
    environment,
    error: new UserError('failed', 'Service "db" ended with exit code 1.', {
      place: { file: '/home/me/app/compose.yaml', line: 3 },
      remedy: 'Look at its logs.',
      output: '\u001b[2Kconnecting to postgres://app:hunter22@db/\n``` is no fence\n',
    }),
    command: 'cd /home/me/app && docker compose up --detach',
    versions: { Berth: '1.2.3', 'VS Code': undefined, 'Docker Engine': '28.1.1' },
  } as const;

  it('has all that somebody needs to look into it, and nothing that is nobody else’s business', () => {
    assert.equal(
      failureReport(facts, '/home/me'),
      `### up dev failed

Service "db" ended with exit code 1.
at ~/app/compose.yaml:3

Look at its logs.

\`\`\`\`
connecting to postgres://***@db/
\`\`\` is no fence
\`\`\`\`

**Command**

\`\`\`
cd ~/app && docker compose up --detach
\`\`\`

Options: build: true; profiles: a, b

**Services**

- db: exited (exit code 1), postgres:16
- web: stopped, image

**Versions**

- Berth: 1.2.3
- Docker Engine: 28.1.1
- Platform: ${process.platform} ${process.arch}
`,
    );
  });

  it('tells what it can when the environment is gone', () => {
    const error = new UserError('failed', 'Gone.');
    const report = failureReport({ ...facts, environment: undefined, error, versions: {} }, '/');
    assert.match(report, /^### up x failed\n\nGone\.\n\n\*\*Command\*\*/);
    assert.ok(!report.includes('**Services**'));
  });

  it('leaves alone what only begins like the home folder', () => {
    const report = failureReport({ ...facts, command: 'cd /home/melanie/app && cd /home/me' }, '/home/me');
    assert.match(report, /cd \/home\/melanie\/app && cd ~\n/);
  });

  it('knows a home folder of Windows, however it is written', () => {
    const command = 'docker --file C:\\Users\\me\\a.yaml --file C:/Users/me/b.yaml';
    assert.match(failureReport({ ...facts, command }, 'C:\\Users\\me'), /--file ~\\a\.yaml --file ~\/b\.yaml/);
  });
});
