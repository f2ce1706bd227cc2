/** Everything that package.json contributes under a name, once: a unit test holds the two against each other. */

/** The commands, by what the code calls them. */
export const COMMANDS = {
  up: 'berth.up',
  down: 'berth.down',
  stop: 'berth.stop',
  start: 'berth.start',
  restart: 'berth.restart',
  logs: 'berth.logs',
  shell: 'berth.shell',
  openPort: 'berth.openPort',
  copyAddress: 'berth.copyAddress',
  openFile: 'berth.openFile',
  cancelOperation: 'berth.cancelOperation',
  retry: 'berth.retry',
  init: 'berth.init',
  showOutput: 'berth.showOutput',
  statusActions: 'berth.statusActions',
} as const;
export type CommandName = keyof typeof COMMANDS;

/** Commands of VS Code itself that Berth offers. */
export const VSCODE_COMMANDS = {
  manageTrust: 'workbench.trust.manage',
  open: 'vscode.open',
  setContext: 'setContext',
} as const;

/** The view container in the activity bar. */
export const VIEW_CONTAINER = 'berth';
/** The Environments view. */
export const ENVIRONMENTS_VIEW = 'berth.environments';
/** What VS Code makes of a view's id: the command that shows it. */
export const FOCUS_ENVIRONMENTS_VIEW = `${ENVIRONMENTS_VIEW}.focus`;

/** What conditions in package.json can ask for. */
export const CONTEXT_KEYS = {
  /** A `ViewStateKind`. */
  viewState: 'berth.viewState',
  /** While the view says that there is no engine: why, as an `EngineProblem`. */
  engineProblem: 'berth.engineProblem',
} as const;

/** Settings, as their section and name below it. */
export const SETTINGS = {
  section: 'berth',
  logsTail: 'logs.tail',
} as const;

export const STATUS_BAR_ITEM = 'berth.status';
export const OUTPUT_CHANNEL = 'Berth';
export const DIAGNOSTICS = 'berth';
