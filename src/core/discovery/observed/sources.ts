import { devcontainer } from './sources/devcontainer';
import { composeFileVariable } from './sources/envFile';
import { githubWorkflow } from './sources/githubWorkflow';
import { gitlabCi } from './sources/gitlabCi';
import { justfile } from './sources/justfile';
import { makefile } from './sources/makefile';
import { markdown } from './sources/markdown';
import { packageScripts } from './sources/packageScripts';
import { shellScript } from './sources/shellScript';
import { taskfile } from './sources/taskfile';
import { vscodeTasks } from './sources/vscodeTasks';

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
  /** What is run before it: the labels of others in the same file. */
  readonly needs?: readonly string[];
  /** The files that are made before it, or that are asked for: absolute paths. */
  readonly provided?: readonly string[];
  /** Whether it is run only where something holds that nobody can tell without running anything; what else is run of it, is not so. */
  readonly isOnOneWay?: true;
  /** Absolute path, and the line that it begins in, from 1. */
  readonly file: string;
  readonly line: number;
  /** The folders that it may be run in, the likeliest first. Absolute paths. */
  readonly folders: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  /** The project that is given where neither a variable nor a compose file names one. */
  readonly defaultProject?: string;
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
