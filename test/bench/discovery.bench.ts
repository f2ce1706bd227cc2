import fs from 'node:fs';
import path from 'node:path';
import { createBerth } from '../../src/core/berth';
import { silentLog } from '../../src/core/common/log';
import { resolveProject } from '../../src/core/compose/resolve';
import { Discovery } from '../../src/core/discovery/discover';
import { step } from '../support/steps';
import { withTemporaryFolder } from '../support/temporary';
import { below, Report } from './support/report';

const FILES = 50_000;
const COMPOSE_FILES = 60;
const ROUNDS = 10;
const SERVICES = 40;
const TARGETS = 40;
const BUSY = Array.from({ length: COMPOSE_FILES / 3 }, (_, index) => (index === 0 ? '' : `project-${index}`));
/** A folder holds so many files, and so many folders stand beside each other. */
const WIDTH = 50;

/** How soon environments are there: those of a very large repository, and one whose compose file was saved. */
export async function run(signal: AbortSignal): Promise<void> {
  await withTemporaryFolder('discovery', async (folder) => {
    const large = path.join(folder, 'large');
    await step(`Making ${FILES} files`, async () => makeLarge(large));
    await measureLarge(large, signal);
    await measureSave('A compose file is saved', makeNormal(path.join(folder, 'normal')), signal);
    const busy = makeBusy(path.join(folder, 'busy'));
    await measureSave(
      `A compose file is saved, one of ${COMPOSE_FILES}, beside ${BUSY.length * TARGETS} commands`,
      busy,
      signal,
    );
  });
}

async function measureLarge(folder: string, signal: AbortSignal): Promise<void> {
  const first: number[] = [];
  const again: number[] = [];
  let found = 0;
  for (let round = 0; round < ROUNDS; round++) {
    signal.throwIfAborted();
    const discovery = new Discovery(folder, {});
    first.push(await timeOf(async () => (found = (await discovery.discover()).environments.length)));
    fs.writeFileSync(path.join(folder, `new-${round}.txt`), '');
    again.push(await timeOf(async () => discovery.discover(await discovery.changed())));
  }
  const report = new Report(`A repository of ${FILES} files, ${COMPOSE_FILES} of them compose files`);
  report.add('until its environments are shown', first, 'ms', below(1000, 'ms'));
  report.add('to look again after a file came unnoticed', again, 'ms');
  report.add('environments', [found], '');
  report.note('The files are in the cache of the operating system, as after a checkout. Compose is asked after that.');
  report.show();
}

/** @param what is measured, the beginning of a title. */
async function measureSave(what: string, folder: string, signal: AbortSignal): Promise<void> {
  const { store, dispose } = createBerth(silentLog, 'bench');
  try {
    await store.setScope({ workspaceFolders: [folder], trusted: true });
    await store.whenResolved();
    const file = path.join(folder, 'compose.test.yaml');
    const shown = store.environments.find(({ definition }) => definition.files.includes(file));
    if (!shown) throw new Error(`No environment uses ${file}.`);
    const { definition } = shown;
    const times: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      signal.throwIfAborted();
      fs.appendFileSync(file, `# round ${round}\n`);
      times.push(
        await timeOf(async () => {
          await store.filesChanged([file]);
          await store.whenResolved(definition.id);
        }),
      );
      bare.push(await timeOf(async () => resolveProject(definition)));
    }
    const report = new Report(`${what}: until the environment that uses it is shown as Compose then sees it`);
    report.add('after the window has noticed', times, 'ms', below(150, 'ms'));
    report.add('Compose alone, asked about the same environment', bare, 'ms');
    const beyond = times.map((time, round) => time - (bare[round] ?? 0));
    report.add('of the first, what is not Compose', beyond, 'ms');
    report.note('The window waits 150 ms for further events of the same save; both together are to stay below 300 ms.');
    report.show();
  } finally {
    dispose();
  }
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

/** Sources in folders three deep, with a package and a compose file in some. */
function makeLarge(folder: string): void {
  const folders = FILES / WIDTH;
  for (let index = 0; index < folders; index++) {
    const own = path.join(folder, `part-${index % WIDTH}`, `module-${Math.floor(index / WIDTH)}`);
    fs.mkdirSync(own, { recursive: true });
    for (let file = 0; file < WIDTH - 1; file++) fs.writeFileSync(path.join(own, `source-${file}.ts`), 'export {};\n');
    fs.writeFileSync(path.join(own, 'package.json'), '{ "scripts": { "build": "tsc" } }\n');
  }
  for (let index = 0; index < COMPOSE_FILES; index++) {
    const own = path.join(folder, `part-${index % (COMPOSE_FILES / 3)}`);
    const name = ['compose.yaml', 'compose.dev.yaml', 'compose.test.yaml'][Math.floor((index * 3) / COMPOSE_FILES)];
    fs.writeFileSync(path.join(own, name ?? ''), 'services: { web: { image: busybox }, db: { image: postgres } }\n');
  }
}

/** A base file, two overlays and a makefile that runs them. */
function makeNormal(folder: string): string {
  fs.mkdirSync(folder);
  fs.writeFileSync(
    path.join(folder, 'compose.yaml'),
    'services: { web: { image: busybox }, db: { image: postgres } }\n',
  );
  for (const name of ['dev', 'test']) {
    fs.writeFileSync(path.join(folder, `compose.${name}.yaml`), 'services: { web: { environment: { A: b } } }\n');
  }
  const runs = (name: string) => `${name}:\n\tdocker compose -f compose.yaml -f compose.${name}.yaml up -d\n`;
  fs.writeFileSync(path.join(folder, 'Makefile'), runs('dev') + runs('test'));
  return folder;
}

/** Twenty projects of forty services, each with overlays and a makefile of forty targets; the first one lies at the top. */
function makeBusy(folder: string): string {
  const targets = (name: string) =>
    Array.from({ length: TARGETS }, (_, number) => {
      const what = number % 2 === 0 ? 'dev' : 'test';
      return `${name}-${what}-${number}:\n\tdocker compose -f compose.yaml -f compose.${what}.yaml up -d\n`;
    }).join('');
  const services = (body: string) =>
    Array.from({ length: SERVICES }, (_, number) => `  service-${number}: ${body}\n`).join('');
  for (const project of BUSY) {
    const own = path.join(folder, project);
    fs.mkdirSync(own, { recursive: true });
    fs.writeFileSync(path.join(own, 'compose.yaml'), `services:\n${services('{ image: busybox, restart: always }')}`);
    for (const overlay of ['dev', 'test']) {
      const file = path.join(own, `compose.${overlay}.yaml`);
      fs.writeFileSync(file, `services:\n${services(`{ environment: { MODE: ${overlay} } }`)}`);
    }
    fs.writeFileSync(path.join(own, 'Makefile'), targets(project || 'all'));
  }
  return folder;
}
