import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ComposeFolder, IDLE_WITH_HEALTH } from '../../engine/support/composeFolder';
import { noSecondEngineBecause, type SecondEngine, startSecondEngine } from '../../support/secondEngine';
import { removeFolder, temporaryFolder } from '../../support/temporary';
import { useBerthWorkbench } from './support/berthWorkbench';
import { idleServices } from './support/projects';

const MAKEFILE = `dev-up:
\tdocker compose up -d

prod-up:
\tdocker --context harbour compose -f compose.prod.yaml up -d
`;

(noSecondEngineBecause() ? describe.skip : describe)('UI: where environments come from', () => {
  let engine: SecondEngine;
  let folder: ComposeFolder;
  let elsewhere: ComposeFolder;
  let configuration: string;
  const berth = useBerthWorkbench(
    async () => {
      configuration = temporaryFolder('docker-config');
      makeContext(configuration, 'harbour', `unix://${configuration}/nobody.sock`);
      engine = await startSecondEngine();
      await engine.load('berth/idle:1');
      const { DOCKER_HOST: host } = engine.environment;
      const services = `${idleServices('web')}  tool:\n    profiles: [tools]\n    ${IDLE_WITH_HEALTH}\n`;
      const files = { 'compose.yaml': services, 'compose.prod.yaml': idleServices('shop'), Makefile: MAKEFILE };
      folder = new ComposeFolder('origins', files, host);
      elsewhere = new ComposeFolder('blog', { 'compose.yaml': idleServices('blog') }, host);
      await elsewhere.compose('up', '--detach', '--wait');
      return {
        workspace: folder.folder,
        env: { ...engine.environment, DOCKER_CONFIG: configuration },
        settings: { 'berth.elsewhere.show': true, 'workbench.hover.delay': 300 },
      };
    },
    async () => {
      await elsewhere?.dispose();
      await folder?.dispose();
      await engine?.dispose();
      if (configuration) removeFolder(configuration);
    },
  );

  it('says in the tooltip how it knows an environment, with a link to the line', async () => {
    const { view, workbench } = berth();
    await view.open();
    // Until all rows are there: one that comes later takes a tooltip away.
    await view.untilHasRows([/context harbour not reachable/, 'v dev stopped', '> Elsewhere on this engine 1 project']);
    const link = await view.hoverLink(/make\sdev-up\s\(Makefile:\d\)/, 'dev');
    await workbench.screenshot('origins');
    await link.click();
    await workbench.page.getByRole('tab', { name: /^Makefile/ }).waitFor();
  });

  it('says which context an environment is on', async () => {
    const { view } = berth();
    await view.untilHasRows([/^. prod unknown · context harbour$/]);
    const spoken = await view.spoken();
    assert.ok(
      spoken.some((text) => /^prod, .*, unknown, context harbour/.test(text)),
      spoken.join('\n'),
    );
  });

  it('has the services of a profile, marked, and takes them down with the others', async () => {
    const { view } = berth();
    await view.untilHasRows(['    tool stopped (profile tools)']);
    await folder.compose('--profile', 'tools', 'up', '--detach', '--wait');
    await view.untilHasRows(['v dev healthy · 2/2', '    tool healthy (profile tools)']);
    await view.press('Down', 'dev');
    await view.untilHasRows(['v dev stopped', '    tool stopped (profile tools)']);
    assert.equal(await folder.compose('--profile', 'tools', 'ps', '--all', '--quiet'), '');
  });

  it('has the projects of other folders under a node of their own, with what needs no files', async () => {
    const { view, workbench } = berth();
    const { project } = elsewhere;
    await view.toggle('Elsewhere on this engine');
    await view.untilHasRows(['v Elsewhere on this engine 1 project', `  > ${project} healthy · 1/1`]);
    await view.press('Stop', project);
    await view.untilHasRows([`  > ${project} stopped`]);
    await workbench.screenshot('elsewhere');
    await view.press('Down', project);
    await view.untilRows([
      /context harbour not reachable/,
      'v dev stopped',
      '    tool stopped (profile tools)',
      '    web stopped',
      '> prod unknown · context harbour',
    ]);
    assert.equal(await elsewhere.compose('ps', '--all', '--quiet'), '');
  });

  it('writes a berth.yaml of what it found, and shows at the top what is wrong with one', async () => {
    const { view, workbench } = berth();
    await workbench.runCommand('Berth: Write berth.yaml');
    await workbench.page.getByRole('tab', { name: /^berth\.yaml/ }).waitFor();
    assert.match(folder.read('berth.yaml'), /# run by make dev-up \(Makefile:\d\)\n {2}dev:\n/);
    await workbench.screenshot('declared');
    folder.write('berth.yaml', 'environments:\n  staging:\n    fles: [compose.yaml]\n');
    await view.untilHasRows([/^ {2}berth\.yaml:3 There is no key "fles" here\.$/, 'v dev stopped']);
    await workbench.screenshot('declaration-mistake');
  });
});

/** Makes a Docker context, as the docker command line keeps them. */
function makeContext(configuration: string, name: string, host: string): void {
  const folder = path.join(configuration, 'contexts', 'meta', createHash('sha256').update(name).digest('hex'));
  fs.mkdirSync(folder, { recursive: true });
  const meta = { Name: name, Metadata: {}, Endpoints: { docker: { Host: host, SkipTLSVerify: false } } };
  fs.writeFileSync(path.join(folder, 'meta.json'), JSON.stringify(meta));
}
