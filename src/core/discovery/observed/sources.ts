import path from 'node:path';
import { record } from '../../common/json';
import { normalisedProjectName } from '../../model/project';
import { readMakefile } from './makefile';
import { UNKNOWN } from './shellWords';

/** Where people write down how they run Compose, strongest first: what is run daily knows better than what is read. */
export const SOURCES = [
  'makefile',
  'script',
  'tasks',
  'devcontainer',
  'shell',
  'variables',
  'workflow',
  'docs',
] as const;
export type Source = (typeof SOURCES)[number];

/** A piece of shell that somebody wrote down, and where. */
export interface WrittenScript {
  readonly source: Source;
  /** What it is called there: a target, a script, a job; undefined where nothing is. */
  readonly label?: string;
  readonly shell: string;
  /** Absolute path, and the line that it begins in, from 1. */
  readonly file: string;
  readonly line: number;
  /** The folders that it may be run in, the likeliest first. Absolute paths. */
  readonly folders: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

/** A file to be read, and the repository it is in. */
export interface SourceFile {
  /** Absolute path. */
  readonly path: string;
  readonly text: string;
  /** Absolute path of the workspace folder. */
  readonly root: string;
  /** Is told what else the result depends on: absolute paths. */
  readonly onFile?: (file: string) => void;
}

type Reader = (file: SourceFile) => Promise<readonly WrittenScript[]> | readonly WrittenScript[];

/** @param relative path from the workspace folder, with slashes. @returns what reads such a file; undefined when nothing does. */
export function readerOf(relative: string): Reader | undefined {
  return READERS.find(([pattern]) => pattern.test(relative))?.[1];
}

const READERS: readonly (readonly [RegExp, Reader])[] = [
  [/(?:^|\/)(?:GNU)?[Mm]akefile$|\.mk$/, makefile],
  [/(?:^|\/)package\.json$/, packageScripts],
  [/(?:^|\/)\.?[Jj]ustfile$|\.just$/, justfile],
  [/(?:^|\/)[Tt]askfile(?:\.dist)?\.ya?ml$/, taskfile],
  [/^\.vscode\/tasks\.json$/, vscodeTasks],
  [/(?:^|\/)\.?devcontainer\.json$/, devcontainer],
  [/^\.github\/workflows\/[^/]+\.ya?ml$/, githubWorkflow],
  [/^\.gitlab-ci\.ya?ml$/, gitlabCi],
  [/\.(?:sh|bash)$/, shellScript],
  [/(?:^|\/)\.env$/, composeFileVariable],
  [
    /(?:^|\/)(?:bin|cli|scripts?|dev|tools|hack|ci|run)\/[^/.]+$|^(?:run|dev|do|manage|start|stop|up|down|test|cli)$/,
    shellScript,
  ],
  [
    /^(?:CONTRIBUTING|DEVELOP\w*|HACKING|INSTALL|SETUP)[^/]*\.md$|(?:^|\/)README[^/]*\.md$|^(?:docs?|documentation)\/.*\.md$/i,
    markdown,
  ],
];

async function makefile({ path: file, text, onFile }: SourceFile): Promise<readonly WrittenScript[]> {
  const folder = path.dirname(file);
  const lines = await readMakefile(file, text, { onFile });
  return lines.map(({ target, ...line }) => ({ source: 'makefile', label: target, folders: [folder], ...line }));
}

function packageScripts({ path: file, text }: SourceFile): readonly WrittenScript[] {
  const scripts = record(record(json(text)).scripts);
  return Object.entries(scripts).flatMap(([label, shell]) =>
    typeof shell === 'string'
      ? [
          {
            source: 'script',
            label,
            shell,
            file,
            line: lineOf(text, JSON.stringify(label)),
            folders: [path.dirname(file)],
          },
        ]
      : [],
  );
}

/** Source: the manual of just, "Recipes", "Variables", "Substitutions". */
function justfile({ path: file, text }: SourceFile): readonly WrittenScript[] {
  const folder = path.dirname(file);
  const variables = new Map<string, string>([
    ['justfile_directory()', folder],
    ['invocation_directory()', folder],
  ]);
  const fill = (words: string) =>
    words.replace(/\{\{\{\{|\{\{(.*?)\}\}/g, (all, name: string | undefined) =>
      name === undefined ? all : justValue(name.trim(), variables),
    );
  const exported: Record<string, string> = {};
  const recipes: { label: string; line: number; body: string[] }[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, exporting, name = '', value = ''] = /^(export\s+)?([\w-]+)\s*:=\s*(.*)$/.exec(line) ?? [];
    // `test *args='' separator=":": build`
    const [, recipe = ''] = /^@?([\w-]+)(?:\s(?:"[^"]*"|'[^']*'|[^:"'])*)?:(?!=)/.exec(line) ?? [];
    if (name) {
      variables.set(name, justValue(value, variables));
      if (exporting) exported[name] = variables.get(name) ?? '';
    } else if (recipe) recipes.push({ label: recipe, line: index + 2, body: [] });
    else if (/^\s/.test(line) || line === '') recipes.at(-1)?.body.push(line.trim().replace(/^@?-?@?/, ''));
  }
  return recipes.map(({ label, line, body }) => ({
    source: 'script',
    label,
    shell: fill(body.join('\n')),
    file,
    line,
    folders: [folder],
    variables: exported,
  }));
}

/** What an expression of a justfile is: texts, variables, and what `+` and `/` put together. */
function justValue(expression: string, variables: ReadonlyMap<string, string>): string {
  const parts = expression.replace(/\s+#.*$/, '').split(/\s*([+/])\s*(?=(?:[^"']*["'][^"']*["'])*[^"']*$)/);
  return parts
    .map((part) => {
      const [, , quoted] = /^(["'])(.*)\1$/.exec(part.trim()) ?? [];
      if (part === '+') return '';
      if (part === '/') return '/';
      const [, otherwise] =
        /^env(?:_var_or_default)?\(\s*["'][^"']*["']\s*,\s*["']([^"']*)["']\s*\)$/.exec(part.trim()) ?? [];
      return quoted ?? otherwise ?? variables.get(part.trim()) ?? UNKNOWN;
    })
    .join('');
}

/** Source: the guide of Task, "Taskfile" (`tasks`, `cmds`, `vars`, `env`, `dir`). */
async function taskfile({ path: file, text }: SourceFile): Promise<readonly WrittenScript[]> {
  const top = record(await yaml(text));
  const folder = path.dirname(file);
  const globals = texts(top.vars);
  return Object.entries(record(top.tasks)).flatMap(([label, value]) => {
    const task = Array.isArray(value) || typeof value === 'string' ? { cmds: value } : record(value);
    const variables = { ROOT_DIR: folder, TASKFILE_DIR: folder, TASK: label, ...globals, ...texts(task.vars) };
    const fill = (words: string) => filled(words, variables);
    const commands = [task.cmds ?? task.cmd].flat().flatMap((one) => {
      const command = typeof one === 'string' ? one : record(one).cmd;
      return typeof command === 'string' ? [fill(command)] : [];
    });
    const directory = typeof task.dir === 'string' ? path.resolve(folder, fill(task.dir)) : folder;
    const environment = Object.entries({ ...texts(top.env), ...texts(task.env) }).map(([name, one]) => [
      name,
      fill(one),
    ]);
    return commands.map(
      (shell): WrittenScript => ({
        source: 'script',
        ...{ label, shell, file, line: lineOf(text, `${label}:`), folders: [directory] },
        variables: Object.fromEntries(environment),
      }),
    );
  });
}

/** `{{.NAME}}` filled in, deeply. */
function filled(text: string, variables: Readonly<Record<string, string>>, depth = 0): string {
  return text.replace(/\{\{(.*?)\}\}/g, (_, expression: string) => {
    const [, name = ''] = /^-?\s*\.(\w+)\s*-?$/.exec(expression) ?? [];
    const [, otherwise] = /default\s+"([^"]*)"/.exec(expression) ?? [];
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (name === 'CLI_ARGS') return '';
    return value === undefined || depth > 5 ? (otherwise ?? UNKNOWN) : filled(value, variables, depth + 1);
  });
}

/**
 * What the Dev Containers extension runs. Source: containers.dev, "Dev Container metadata reference"; the project's name:
 * devcontainers/cli, `dockerCompose.ts` (getProjectName).
 */
async function devcontainer({ path: file, text }: SourceFile): Promise<readonly WrittenScript[]> {
  const { parse } = await import('jsonc-parser');
  const { dockerComposeFile } = record(parse(text));
  const files = [dockerComposeFile].flat().filter((one) => typeof one === 'string');
  const [first] = files;
  if (first === undefined) return [];
  const folder = path.dirname(file);
  const holder = path.dirname(path.resolve(folder, first));
  const project =
    path.basename(holder) === '.devcontainer'
      ? ['--project-name', normalisedProjectName(`${path.basename(path.dirname(holder))}_devcontainer`)]
      : [];
  const words = ['docker', 'compose', ...files.flatMap((one) => ['--file', one]), ...project, 'up'];
  const line = lineOf(text, '"dockerComposeFile"');
  return [{ source: 'devcontainer', shell: words.map(quoted).join(' '), file, line, folders: [folder] }];
}

/** Source: VS Code's documentation, "Tasks". */
async function vscodeTasks({ path: file, text, root }: SourceFile): Promise<readonly WrittenScript[]> {
  const { parse } = await import('jsonc-parser');
  const tasks = record(parse(text)).tasks;
  const fill = (words: unknown) =>
    (typeof words === 'string' ? words : String(record(words).value ?? ''))
      .replace(/\$\{workspaceFolder(?::[^}]*)?\}/g, root)
      .replace(/\$\{[^}]*\}/g, UNKNOWN);
  return (Array.isArray(tasks) ? tasks : []).map(record).flatMap((task) => {
    if (task.command === undefined) return [];
    const args = (Array.isArray(task.args) ? task.args : []).map(fill);
    const options = record(task.options);
    return [
      {
        source: 'tasks' as const,
        label: String(task.label ?? task.taskName ?? ''),
        shell: [fill(task.command), ...args.map(quoted)].join(' '),
        file,
        line: lineOf(text, JSON.stringify(task.label ?? '')),
        folders: [typeof options.cwd === 'string' ? path.resolve(root, fill(options.cwd)) : root],
        variables: texts(options.env),
      },
    ];
  });
}

/** Source: GitHub's documentation, "Workflow syntax for GitHub Actions". */
async function githubWorkflow({ path: file, text, root }: SourceFile): Promise<readonly WrittenScript[]> {
  const top = record(await yaml(text));
  const fill = (words: string) =>
    words.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, name: string) => (name === 'github.workspace' ? root : UNKNOWN));
  const folderOf = (...holders: unknown[]) => {
    const own = holders.map((one) => record(one)['working-directory']).find((one) => typeof one === 'string');
    return path.resolve(root, fill(String(own ?? '.')));
  };
  return Object.entries(record(top.jobs)).flatMap(([job, value]) => {
    const steps = record(value).steps;
    const defaults = [record(record(value).defaults).run, record(top.defaults).run];
    return (Array.isArray(steps) ? steps : []).map(record).flatMap((step): WrittenScript[] => {
      if (typeof step.run !== 'string') return [];
      const variables = { ...texts(top.env), ...texts(record(value).env), ...texts(step.env) };
      const known = Object.entries(variables).map(([name, one]) => [name, fill(one)]);
      const [first = ''] = step.run.split('\n');
      return [
        {
          source: 'workflow',
          ...{ label: job, shell: fill(step.run), file, line: lineOf(text, first) },
          folders: [folderOf(step, ...defaults)],
          variables: Object.fromEntries(known),
        },
      ];
    });
  });
}

/** Source: GitLab's documentation, "CI/CD YAML syntax reference". */
async function gitlabCi({ path: file, text, root }: SourceFile): Promise<readonly WrittenScript[]> {
  const top = record(await yaml(text));
  return Object.entries(top).flatMap(([label, value]) => {
    const job = record(value);
    const lines = [job.before_script ?? top.before_script, job.script]
      .flat(3)
      .filter((line) => typeof line === 'string');
    if (job.script === undefined || lines.length === 0) return [];
    const variables = { CI_PROJECT_DIR: root, ...texts(top.variables), ...texts(job.variables) };
    return [
      {
        source: 'workflow',
        label,
        shell: lines.join('\n'),
        file,
        line: lineOf(text, `${label}:`),
        folders: [root],
        variables,
      },
    ];
  });
}

function shellScript({ path: file, text, root }: SourceFile): readonly WrittenScript[] {
  const isScript = /\.(?:sh|bash)$/.test(file) || /^#!.*\b(?:ba|z|da|k)?sh\b/.test(text);
  const folder = path.dirname(file);
  return isScript
    ? [{ source: 'shell', label: path.parse(file).name, shell: text, file, line: 1, folders: [root, folder] }]
    : [];
}

/** What a `.env` file with a `COMPOSE_FILE` makes of a mere `docker compose up`. */
function composeFileVariable({ path: file, text }: SourceFile): readonly WrittenScript[] {
  const setting = /^[ \t]*(?:export[ \t]+)?COMPOSE_FILE[ \t]*[=:]/m.exec(text);
  if (!setting) return [];
  const line = text.slice(0, setting.index).split('\n').length;
  return [{ source: 'variables', shell: 'docker compose up', file, line, folders: [path.dirname(file)] }];
}

/** Blocks of code that are commands: they say so, or begin with a prompt. */
function markdown({ path: file, text, root }: SourceFile): readonly WrittenScript[] {
  const scripts: WrittenScript[] = [];
  const fence = /^([ \t]*)(```+|~~~+)[ \t]*([\w-]*)[^\n]*\n(.*?)^[ \t]*\2/gms;
  for (const { 0: all, 3: language = '', 4: code = '', index } of text.matchAll(fence)) {
    if (all === '' || !/^(?:|sh|bash|shell|zsh|console|terminal|text|shell-session|shellsession)$/i.test(language))
      continue;
    const lines = code.split(/\r?\n/);
    const hasPrompt = lines.some((line) => /^\s*[$%>]\s/.test(line));
    // Where some lines begin with a prompt, the others are what is printed.
    const shell = hasPrompt ? lines.map((line) => /^\s*[$%>]\s+(.*)$/.exec(line)?.[1] ?? '').join('\n') : code;
    const line = text.slice(0, index).split('\n').length + 1;
    scripts.push({ source: 'docs', shell, file, line, folders: [root, path.dirname(file)] });
  }
  return scripts;
}

/** A word as a shell takes it for one. */
function quoted(word: string): string {
  return /^[\w./:=@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function yaml(text: string): Promise<unknown> {
  const { parse } = await import('yaml');
  try {
    return parse(text, { merge: true, logLevel: 'silent' });
  } catch {
    return undefined;
  }
}

/** The fields of an object that are texts, numbers or truth values, as texts. */
function texts(value: unknown): Record<string, string> {
  const entries = Object.entries(record(value)).map(
    ([name, one]) => [name, typeof one === 'object' ? record(one).value : one] as const,
  );
  return Object.fromEntries(
    entries.flatMap(([name, one]) =>
      ['string', 'number', 'boolean'].includes(typeof one) ? [[name, String(one)]] : [],
    ),
  );
}

function lineOf(text: string, part: string): number {
  const at = part === '' ? -1 : text.indexOf(part);
  return at < 0 ? 1 : text.slice(0, at).split('\n').length;
}
