import fs from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createBerth } from '../../src/core/berth';
import { ALL_CHECKS } from '../../src/core/checks/allChecks';
import { runChecks } from '../../src/core/checks/runChecks';
import { silentLog } from '../../src/core/common/log';
import { step } from '../support/steps';
import { withTemporaryFolder } from '../support/temporary';
import { below, Report } from './support/report';

const PROJECTS = 20;
const SERVICES = 40;
const ROUNDS = 20;

/** How long checks take over 60 environments, once Compose has said what they contain, and while somebody types. */
export async function run(signal: AbortSignal): Promise<void> {
  await withTemporaryFolder('checks', async (folder) => {
    makeWorkspace(folder);
    const { store, findings, dispose } = createBerth(silentLog, 'bench');
    try {
      await step(`Asking Compose about ${PROJECTS * 3} environments`, async () => {
        await store.setScope({ workspaceFolders: [folder], trusted: true });
        await store.whenResolved();
      });
      const report = new Report(
        `All static checks over ${store.environments.length} environments with ${SERVICES} services each, once Compose has said what they contain`,
      );
      const [first] = await times(1, () => findings.check(signal));
      const { facts, findings: found } = await findings.check(signal);
      const options = { textOf: facts.textOf, levelOf: () => undefined };
      const pure = await times(ROUNDS, async () => runChecks(ALL_CHECKS, facts, options));
      const again = await times(ROUNDS, () => findings.check(signal));
      report.add('the checks alone', pure, 'ms', below(200, 'ms'));
      report.add('with everything looked at anew: files, git, what is mounted', again, 'ms', below(200, 'ms'));
      report.add('the first time, when every file is read into its places', first === undefined ? [] : [first], 'ms');
      report.add('what they find', [found.length], '');
      report.show();
      await measureTyping(folder, findings, signal);
    } finally {
      dispose();
    }
  });
}

/** What a keystroke costs at once; and for how long at most everything else waits, while what was typed is checked. */
async function measureTyping(
  folder: string,
  findings: ReturnType<typeof createBerth>['findings'],
  signal: AbortSignal,
): Promise<void> {
  const file = path.join(folder, 'project-0', 'compose.yaml');
  const text = fs.readFileSync(file, 'utf8');
  const keystrokes: number[] = [];
  for (let end = text.length - 200; end <= text.length; end++) {
    const before = performance.now();
    findings.setText(file, text.slice(0, end));
    keystrokes.push(performance.now() - before);
  }
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await findings.check(signal);
  delay.disable();
  findings.setText(file, undefined);
  const report = new Report('Typing in a compose file');
  report.add('what a keystroke costs', keystrokes, 'ms', below(10, 'ms'));
  report.add('the longest that everything else waits while what was typed is checked', [delay.max / 1e6], 'ms');
  report.show();
}

async function times(rounds: number, work: () => Promise<unknown>): Promise<number[]> {
  const all: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = performance.now();
    await work();
    all.push(performance.now() - before);
  }
  return all;
}

/** Projects with a base file and two overlays; of each kind of service some, and trouble in some of them. */
function makeWorkspace(folder: string): void {
  for (let project = 0; project < PROJECTS; project++) {
    const own = path.join(folder, `project-${project}`);
    fs.mkdirSync(own, { recursive: true });
    const services = Array.from({ length: SERVICES }, (_, number) =>
      service(number, 10_000 + project * SERVICES + number),
    );
    fs.writeFileSync(path.join(own, 'compose.yaml'), `services:\n${services.join('')}volumes:\n  data:\n`);
    for (const [offset, name] of ['dev', 'test'].entries()) {
      const overlays = Array.from({ length: SERVICES }, (_, number) => {
        const port = 20_000 + (offset * PROJECTS + project) * SERVICES + number;
        return `  service-${number}:\n    environment: { MODE: ${name} }\n    ports: ["${port}:80"]\n`;
      });
      fs.writeFileSync(path.join(own, `compose.${name}.yaml`), `services:\n${overlays.join('')}`);
    }
    fs.writeFileSync(path.join(own, '.env'), `TAG=1.${project}\nPASSWORD=change-me\n`);
  }
}

function service(number: number, port: number): string {
  const store = number % 10 === 0;
  const lines = [
    `  service-${number}:`,
    `    image: ${store ? 'postgres:16-alpine' : `shop/service:\${TAG}`}`,
    `    ports: ["127.0.0.1:${port}:80"]`,
    '    environment:',
    `      DATABASE_URL: postgres://app:\${PASSWORD}@service-0:5432/app`,
    `      NUMBER: "${number}"`,
    ...(store ? ['    volumes: ["data:/var/lib/postgresql/data"]'] : ['    volumes: ["./src:/src:ro"]']),
    ...(store ? ['    healthcheck: { test: ["CMD", "pg_isready"], interval: 5s }'] : []),
    ...(number % 3 === 1 ? [`    depends_on: [service-0]`] : []),
    '    restart: unless-stopped',
  ];
  return `${lines.join('\n')}\n`;
}
