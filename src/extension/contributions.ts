import type { Confirmation } from '../core/operations/consequences';
import { ACTIONS, type Action } from './views/actions';

/** Everything that package.json contributes under a name, once: a unit test holds the two against each other. */

/** This extension: its publisher and name. */
export const EXTENSION = 'berth.berth';

/** Commands that are no {@link Action} on an environment or a service. */
const OTHER_COMMANDS = [
  'retry',
  'init',
  'declare',
  'ciWorkflow',
  'copyExample',
  'manageTrust',
  'showOutput',
  'statusActions',
  'showSecrets',
  'refreshDocument',
  'toggleSame',
  'showChecks',
  'checkNow',
  'fixAll',
  'applyFixes',
  'filterFindings',
  'groupFindings',
  'fixFinding',
  'ignoreFinding',
  'explainFinding',
  'copyFinding',
] as const;
export type CommandName = Action | (typeof OTHER_COMMANDS)[number];
const COMMAND_NAMES: readonly CommandName[] = [...ACTIONS, ...OTHER_COMMANDS];

/** The commands, by what the code calls them. */
export const COMMANDS = Object.fromEntries(COMMAND_NAMES.map((name) => [name, `berth.${name}`])) as {
  readonly [name in CommandName]: `berth.${name}`;
};

/** Commands of VS Code itself that Berth offers. */
export const VSCODE_COMMANDS = {
  manageTrust: 'workbench.trust.manage',
  open: 'vscode.open',
  /** Shows changes of several files beside what they were: a title, and of each its name, and what it was and becomes. */
  changes: 'vscode.changes',
  showMarkdown: 'markdown.showPreview',
  setContext: 'setContext',
} as const;

/** The view container in the activity bar. */
export const VIEW_CONTAINER = 'berth';
/** The Environments view. */
export const ENVIRONMENTS_VIEW = 'berth.environments';
/** What VS Code makes of a view's id: the command that shows it. */
export const FOCUS_ENVIRONMENTS_VIEW = `${ENVIRONMENTS_VIEW}.focus`;

/** The Checks view. */
export const CHECKS_VIEW = 'berth.checks';
export const FOCUS_CHECKS_VIEW = `${CHECKS_VIEW}.focus`;

/** The panel that compares environments. */
export const COMPARISON_PANEL = 'berth.comparison';

/** What conditions in package.json can ask for. */
export const CONTEXT_KEYS = {
  /** A `ViewStateKind`. */
  viewState: 'berth.viewState',
  /** While the view says that there is no engine: why, as an `EngineProblem`. */
  engineProblem: 'berth.engineProblem',
  /** A `ChecksState`. */
  checksState: 'berth.checksState',
  /** Whether fixes are shown that can be applied. */
  showsFixes: 'berth.showsFixes',
} as const;

/** What is asked about besides operations. */
export const OTHER_CONFIRMATIONS = ['dataFolders', 'flush', 'overwrite'] as const;
export type OtherConfirmation = (typeof OTHER_CONFIRMATIONS)[number];

/** Settings, as their section and name below it. */
export const SETTINGS = {
  section: 'berth',
  logsTail: 'logs.tail',
  elsewhereShow: 'elsewhere.show',
  /** Whether to ask before something that does not come back by itself: a name for each kind. */
  confirm: (kind: Confirmation | OtherConfirmation) => `confirm.${kind}`,
} as const;

/** The schemes of documents that Berth makes: without values of secrets, and with them. */
export const DOCUMENT_SCHEMES = { masked: 'berth', open: 'berth-secrets' } as const;

/** The scheme of files as they would be with fixes in them. */
export const FIXED_SCHEME = 'berth-fixed';

/** The controller of the Test Explorer. */
export const TEST_CONTROLLER = 'berth.tests';
export const STATUS_BAR_ITEM = 'berth.status';
export const OUTPUT_CHANNEL = 'Berth';
export const DIAGNOSTICS = 'berth';
