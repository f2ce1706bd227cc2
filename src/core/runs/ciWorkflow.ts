import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Node, YAMLMap } from 'yaml';
import { UserError } from '../common/errors';
import type { MissingFile } from '../common/exampleFile';
import { relativePath } from '../common/paths';
import { posixQuoted, posixText } from '../compose/commandText';
import { composeCall } from '../compose/composeCall';
import { envFilesCall } from '../compose/envFiles';
import { isSecretName } from '../compose/secretValue';
import { execCall, runCall } from '../compose/serviceCalls';
import { allCommands, commandsOf, type EnvironmentCommand } from '../model/command';
import { isWithin } from '../model/dataFolder';
import { type EnvironmentDefinition, placeOf } from '../model/environment';
import { type EnvironmentSnapshot, projectOf } from '../model/snapshot';
import { knownProject } from '../operations/operation';
import { planWhole } from '../operations/plan';
import { collectedPath } from './evidence';

/** What a workflow runs an environment with: Berth, or Docker Compose alone. */
export type CiWay = 'berth' | 'compose';

/** What a workflow is made of. */
export interface CiWorkflow {
  readonly environment: EnvironmentSnapshot;
  /** The command that runs its tests. */
  readonly command: EnvironmentCommand;
  readonly way: CiWay;
  /** Absolute path of the repository: paths in the workflow start there. */
  readonly repository: string;
  /** The env files that the environment reads. Absolute paths, as all here. */
  readonly envFiles: readonly string[];
  /** Those of them, and of its services, that have examples to be made from. */
  readonly copies: readonly MissingFile[];
  /** Those that Git ignores, and that have no example. */
  readonly ignored: readonly string[];
}

/** A workflow, and the environment as its calls are made for it: with paths that start in the project directory, where steps run. */
interface OnCi extends CiWorkflow {
  readonly onCi: EnvironmentSnapshot;
}

/** Where a repository carries a copy of Berth's command line, which a workflow in the way of `berth` runs. */
export const BERTH_FILE = 'tools/berth.js';
/** The folder in that of the repository that what tests leave is copied to. */
const COLLECTED = 'collected';

/** A step of a job. Source: GitHub's documentation, "Workflow syntax for GitHub Actions". */
interface Step {
  readonly name?: string;
  readonly comment?: string;
  readonly if?: 'always()' | 'failure()';
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  /** Absolute path on this machine; the project directory when left out. */
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: readonly string[];
}

/** The file that a workflow of an environment is best written to, from the repository's folder. */
export function ciWorkflowFile({ name }: Pick<EnvironmentDefinition, 'name'>): string {
  return `.github/workflows/berth-${identifier(name)}.yml`;
}

/**
 * A GitHub workflow that runs a command of an environment as a test run does: in phases, once all is healthy, after what sets the
 * environment up; keeps what the tests leave, and removes everything.
 * @returns YAML, with comments for whoever reads it.
 * @throws UserError (configuration) when something of the environment is not in the repository; when it can't be run as it is, as
 *   `planOperation` does.
 */
export async function ciWorkflowText(workflow: CiWorkflow): Promise<string> {
  const { Document } = await import('yaml');
  const { environment, command, repository } = workflow;
  const { definition } = environment;
  checkInRepository(workflow);
  const own = { ...workflow, onCi: asOnCi(environment) };
  const steps = [
    { uses: 'actions/checkout@v4' },
    ...preparing(own),
    ...(workflow.way === 'berth' ? stepsOfBerth(own) : stepsOfCompose(own)),
  ];
  const directory = relativePath(repository, definition.projectDirectory);
  const document = new Document({
    name: l10n.t('Tests ({0})', definition.name),
    on: ['push', 'pull_request'],
    permissions: { contents: 'read' },
    jobs: {
      [identifier(definition.name)]: {
        'runs-on': 'ubuntu-latest',
        ...(directory ? { defaults: { run: { 'working-directory': directory } } } : {}),
        steps: steps.map((step) => entryOf(step, own)),
      },
    },
  });
  document.commentBefore = ` ${l10n.t('Runs "{0}" in the environment "{1}". Made by Berth: it is yours to change.', command.name, definition.name)}`;
  const entries = document.getIn(['jobs', identifier(definition.name), 'steps']) as { readonly items: readonly Node[] };
  for (const [index, { comment }] of steps.map((step): Step => step).entries()) {
    const entry = entries.items[index] as YAMLMap | undefined;
    if (entry && comment) entry.commentBefore = ` ${comment}`;
  }
  return document.toString({ lineWidth: 0 });
}

/** A job is called by letters, digits, dashes and underscores. */
function identifier(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^(?=[^A-Za-z_])/, '_');
}

/** @throws UserError (configuration) when a file or folder is not in the repository: on CI there is nothing else. */
function checkInRepository({ environment, command, repository, envFiles }: CiWorkflow): void {
  const { files, projectDirectory } = environment.definition;
  const commands = [...commandsOf(allCommands(environment.definition), 'setup'), command];
  const folders = commands.filter(({ service }) => service === undefined).map((one) => folderOf(one, projectDirectory));
  const outside = [...files, ...envFiles, projectDirectory, ...folders].find((one) => !isWithin(repository, one));
  if (outside === undefined) return;
  throw new UserError('configuration', l10n.t('{0} is not in the repository {1}.', outside, repository), {
    place: placeOf(environment.definition),
    remedy: l10n.t('CI has only what is in the repository: put it there, or leave it out of the environment.'),
  });
}

/** Where on the machine itself a command runs. */
function folderOf({ directory }: EnvironmentCommand, projectDirectory: string): string {
  return path.resolve(projectDirectory, directory ?? '');
}

/** An environment as it is on a machine of its own: nothing runs, and there is one engine. */
function asOnCi(environment: EnvironmentSnapshot): EnvironmentSnapshot {
  const { definition, services } = environment;
  const { files, envFiles, projectDirectory } = definition;
  const ofThisMachine = {
    context: undefined,
    engine: undefined,
    runFile: undefined,
    otherFolder: undefined,
    adopted: undefined,
  };
  const ofRepository = {
    projectDirectory: '.',
    files: files.map((file) => relativePath(projectDirectory, file)),
    envFiles: envFiles.map((file) => relativePath(projectDirectory, file)),
  };
  return {
    ...environment,
    definition: { ...definition, ...ofThisMachine, ...ofRepository, projectName: knownProject(environment) },
    services: services.map((service) => ({ ...service, containers: [] })),
  };
}

/** What must be there before anything is brought up. */
function preparing({ environment, repository, copies, ignored }: CiWorkflow): readonly Step[] {
  const { externalNetworks = [], externalVolumes = [] } = projectOf(environment.resolution) ?? {};
  const { projectDirectory } = environment.definition;
  const copying = copies.map(({ file, example }) => {
    const [from, to] = [example, file].map((one) => posixQuoted(relativePath(projectDirectory, one)));
    return `[ -f ${to} ] || cp ${from} ${to}`;
  });
  const making = [
    ...externalNetworks
      .map(posixQuoted)
      .map((name) => `docker network inspect ${name} > /dev/null 2>&1 || docker network create ${name}`),
    ...externalVolumes.map((name) => `docker volume create ${posixQuoted(name)}`),
  ];
  const comment = l10n.t('What tests need besides is best written into them from the secrets of the repository.');
  const secrets = ignored.map((file) => ({ name: secretOf(relativePath(repository, file)), file }));
  return [
    ...(secrets.length > 0 ? [fromSecrets(secrets, projectDirectory)] : []),
    ...(copying.length > 0 ? [{ name: l10n.t('Make env files from their examples'), comment, run: copying }] : []),
    ...(making.length > 0 ? [{ name: l10n.t('Make what the compose files take for given'), run: making }] : []),
  ];
}

/** A step that writes files which the repository has not. */
function fromSecrets(
  secrets: readonly { readonly name: string; readonly file: string }[],
  projectDirectory: string,
): Step {
  const names = secrets.map(({ name }) => name);
  return {
    name: l10n.t('Make env files from secrets'),
    comment: l10n.t(
      'Git ignores these files, and there is no example of them: make secrets of the repository that hold their texts ({0}).',
      names.join(', '),
    ),
    env: Object.fromEntries(names.map((name) => [name, `\${{ secrets.${name} }}`])),
    run: secrets.map(
      ({ name, file }) => `printf '%s\\n' "$${name}" > ${posixQuoted(relativePath(projectDirectory, file))}`,
    ),
  };
}

/** What the secret with the text of a file is best called: `ENV_TEST` of `.env.test`. */
function secretOf(file: string): string {
  return file
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^[_\d]+/, '')
    .toUpperCase();
}

function stepsOfBerth({ environment, command, repository }: CiWorkflow): readonly Step[] {
  const { definition } = environment;
  const folder = relativePath(repository, definition.workspaceFolder) || '.';
  const from = definition.projectDirectory;
  const call = {
    command: 'node',
    args: [
      ...[relativePath(from, path.join(repository, BERTH_FILE)), 'test', definition.name, command.name],
      ...(from === path.join(repository, folder) ? [] : ['-C', relativePath(from, definition.workspaceFolder)]),
    ],
  };
  return [
    { uses: 'actions/setup-node@v4', with: { 'node-version': 22 } },
    {
      name: l10n.t('Test'),
      comment: l10n.t('Berth is one file: a copy of its dist/cli.js is to be in the repository, as {0}.', BERTH_FILE),
      run: [posixText(call)],
    },
    upload([path.posix.join(folder, '.berth/runs')]),
  ];
}

function stepsOfCompose(workflow: OnCi): readonly Step[] {
  const { onCi, command } = workflow;
  const { definition, services } = onCi;
  const build = services.some(({ enabled, built }) => enabled && built);
  const request = { environmentId: definition.id, services: [] };
  const up = planWhole({ ...request, operation: 'up', options: { wait: true, build } }, onCi, []).calls;
  const down = planWhole({ ...request, operation: 'down', options: { volumes: true } }, onCi, []).calls;
  const logs = composeCall(definition, ['logs', '--no-color', '--timestamps']);
  const phases = [...(definition.startup ?? []).map((phase) => phase.join(', ')), undefined];
  return [
    ...up.map((call, index) => ({
      name: phases[index] === undefined ? l10n.t('Bring up') : l10n.t('Bring up {0}', phases[index]),
      run: [posixText(call)],
    })),
    ...commandsOf(allCommands(definition), 'setup').map((one) => stepOf(one, workflow)),
    stepOf(command, workflow, collectsFromNew(command) ? testContainer(onCi) : undefined),
    ...collecting(workflow),
    { name: l10n.t('Logs'), if: 'failure()', run: [posixText(logs)] },
    { name: l10n.t('Remove'), if: 'always()', run: down.map(posixText) },
  ];
}

/** Whether something is to be copied out of a container that is made for a command. */
function collectsFromNew({ service, inNewContainer, collect = [] }: EnvironmentCommand): boolean {
  return service !== undefined && inNewContainer === true && collect.length > 0;
}

/** The container that tests run in, where that is one of their own. */
function testContainer(environment: EnvironmentSnapshot): string {
  return `${knownProject(environment)}-tests`;
}

/** @param containerName that of the container which is made for it, and stays. */
function stepOf(command: EnvironmentCommand, workflow: OnCi, containerName?: string): Step {
  const { environment, onCi, envFiles } = workflow;
  const { name, service, directory, user, command: words, inNewContainer, env = {} } = command;
  if (service === undefined) {
    const [program = '', ...args] = words;
    const folder = folderOf(command, environment.definition.projectDirectory);
    const files = envFiles.map((file) => relativePath(folder, file));
    return {
      name,
      comment: l10n.t('It runs on the machine itself: what it needs there is to be installed before.'),
      folder,
      env: withSecrets(env),
      run: [
        ...(files.length > 0 ? readingEnvFiles(files, Object.keys(env)) : []),
        posixText({ command: program, args }),
      ],
    };
  }
  const stays = containerName !== undefined;
  const options = { terminal: false, user, workdir: directory, variables: Object.keys(env), containerName, stays };
  const call = inNewContainer
    ? runCall(onCi.definition, service, words, options)
    : execCall(knownProject(onCi), undefined, service, words, options);
  return { name, env: withSecrets(env), run: [posixText(call)] };
}

/**
 * Takes over the variables of env files as Compose reads them. Nothing in a value is run: it comes in quotes.
 * @param files from the folder of the step. @param besides the variables that the step has of its own.
 */
function readingEnvFiles(files: readonly string[], besides: readonly string[]): readonly string[] {
  const { input, ...call } = envFilesCall(files, '.');
  const own = besides.map((name) => JSON.stringify(name)).join(', ');
  const filter = [
    `.services[].environment // {} | to_entries[] | select(.value != null)`,
    // Other names Compose knows, but no shell.
    `select(.key | test("^[A-Za-z_][A-Za-z_0-9]*$")${own && ` and (IN(${own}) | not)`})`,
    `"export \\(.key)=\\(.value | gsub("[$][$]"; "$") | @sh)"`,
  ];
  const asking = `printf %s ${posixQuoted(input)} | ${posixText(call)}`;
  return [`variables=$(${asking} | jq --raw-output ${posixQuoted(filter.join(' | '))})`, 'eval "$variables"'];
}

/** The values of variables, but of secrets where those of the repository are: a workflow is for all to read. */
function withSecrets(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(env).map(([name, value]) => [
    name,
    isSecretName(name) ? `\${{ secrets.${name} }}` : escaped(value),
  ]);
  return Object.fromEntries(entries);
}

/** Copies what the tests leave to where it can be kept, and keeps it. */
function collecting({ environment, onCi, command, repository }: OnCi): readonly Step[] {
  const { service, directory, collect = [] } = command;
  const { projectDirectory } = environment.definition;
  if (collect.length === 0) return [];
  if (service === undefined) {
    const folder = folderOf(command, projectDirectory);
    return [upload(collect.map((one) => relativePath(repository, path.resolve(folder, one))))];
  }
  const ps = composeCall(onCi.definition, ['ps', '--all', '--quiet', '--', service]);
  const find = collectsFromNew(command) ? testContainer(onCi) : `$(${posixText(ps)} | head -n 1)`;
  const intoOf = (one: string) =>
    posixQuoted(path.posix.join(COLLECTED, path.posix.dirname(collectedPath(one, path.posix))));
  const folders = [...new Set(collect.map((one) => `"$GITHUB_WORKSPACE"/${intoOf(one)}`))];
  const copies = collect.map((one) => {
    const from = path.posix.resolve('/', directory ?? '', one);
    const isFixed = path.posix.isAbsolute(one) || path.posix.isAbsolute(directory ?? '');
    const relative = path.posix.join(directory ?? '', one);
    const source = isFixed ? posixQuoted(from) : `"$folder/"${posixQuoted(relative)}`;
    return `docker cp "$container":${source} "$GITHUB_WORKSPACE"/${intoOf(one)}/ || status=1`;
  });
  return [
    {
      name: l10n.t('Collect what the tests left'),
      if: 'always()',
      run: [
        ...[`container=${find}`, `folder=$(docker inspect --format '{{.Config.WorkingDir}}' "$container")`],
        ...[`mkdir -p ${folders.join(' ')}`, 'status=0', ...copies],
        ...(collectsFromNew(command) ? ['docker rm --force --volumes "$container"'] : []),
        'exit "$status"',
      ],
    },
    upload([COLLECTED]),
  ];
}

/** @param paths from the repository's folder. */
function upload(paths: readonly string[]): Step {
  const settings = {
    name: 'tests',
    path: paths.join('\n'),
    'if-no-files-found': 'ignore',
    'include-hidden-files': true,
  };
  return { if: 'always()', uses: 'actions/upload-artifact@v4', with: settings };
}

function entryOf({ folder, run, env = {}, comment: _, ...step }: Step, { environment, repository }: CiWorkflow) {
  const isElsewhere = folder !== undefined && folder !== environment.definition.projectDirectory;
  return {
    ...step,
    ...(isElsewhere ? { 'working-directory': relativePath(repository, folder) || '.' } : {}),
    ...(Object.keys(env).length > 0 ? { env } : {}),
    ...(run ? { run: run.map(escaped).join('\n') + (run.length > 1 ? '\n' : '') } : {}),
  };
}

/** What GitHub would fill in is meant as it stands. */
function escaped(text: string): string {
  return text.replaceAll('${{', `\${{ '\${{' }}`);
}
