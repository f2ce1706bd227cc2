import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { type Berth, createBerth } from '../core/berth';
import { DisposableStore } from '../core/common/disposable';
import { docsPageOf, type FindingCode } from '../core/model/findingCodes';
import { RunWatch } from '../core/runs/runWatch';
import { ChecksView } from './checks/checksView';
import { EditorTexts } from './checks/editorTexts';
import { FindingActions } from './checks/findingActions';
import { FindingDiagnostics } from './checks/findingDiagnostics';
import { ALL_FINDINGS, FindingTree } from './checks/findingTree';
import { FixPreview } from './checks/fixPreview';
import { WorkspaceFindings } from './checks/workspaceFindings';
import { CiWorkflowCommand } from './commands/ciWorkflowCommand';
import { CommandRuns } from './commands/commandRuns';
import { Commands } from './commands/commands';
import { CopyCommands } from './commands/copyCommands';
import { DeclareCommand } from './commands/declareCommand';
import { ExampleCommand } from './commands/exampleCommand';
import { FindingCommands } from './commands/findingCommands';
import { FixRuns } from './commands/fixRuns';
import { LimitCommands } from './commands/limitCommands';
import { OperationCommands } from './commands/operationCommands';
import { PortCommands } from './commands/portCommands';
import { StoreCommands } from './commands/storeCommands';
import { TemplateCommand } from './commands/templateCommand';
import { TerminalCommands } from './commands/terminalCommands';
import { ComparisonPanel } from './comparison/comparisonPanel';
import { OUTPUT_CHANNEL } from './contributions';
import { DockerPresence } from './dockerPresence';
import { Documents } from './documents';
import { EngineWatch } from './engineWatch';
import { Feedback } from './feedback';
import { LeftoverOffer } from './leftoverOffer';
import { Remembered } from './remembered';
import { StatusBar } from './statusBar';
import { TASK_FILES, TaskCompletion } from './tasks/taskCompletion';
import { BerthTasks } from './tasks/taskProvider';
import { TASK_TYPE } from './tasks/taskWords';
import { Terminals } from './terminals';
import { TestExplorer } from './tests/testExplorer';
import { EnvironmentsView } from './views/environmentsView';
import { EnvironmentTree } from './views/environmentTree';
import { showsElsewhere, WorkspaceScope, workspaceFolders } from './workspaceScope';
import { WorkspaceWatcher } from './workspaceWatcher';

/** What tests inside VS Code look into. No API: nobody gets it outside of tests and development. */
export interface Internals {
  readonly berth: Berth;
  readonly tree: EnvironmentTree;
  readonly view: EnvironmentsView;
  readonly statusBar: StatusBar;
  readonly testExplorer: TestExplorer;
  readonly findingTree: FindingTree;
  readonly checksView: ChecksView;
}

/** For `deactivate`, which VS Code hands nothing. */
let testExplorer: TestExplorer | undefined;

/**
 * Puts the extension together. Returns at once: folders are searched, Compose is asked and engines are connected to
 * afterwards, and what is large is loaded when it is needed.
 */
export function activate(context: vscode.ExtensionContext): Internals | undefined {
  if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
  const owned = new DisposableStore();
  context.subscriptions.push(owned);

  const log = owned.add(vscode.window.createOutputChannel(OUTPUT_CHANNEL, { log: true }));
  const feedback = new Feedback(log);
  const berth = owned.add(createBerth(log, vscode.env.appName));
  const docker = new DockerPresence();
  const runs = owned.add(new RunWatch(berth.store));
  const tree = owned.add(
    new EnvironmentTree({
      store: berth.store,
      operations: berth.operations,
      runs,
      docker,
      workspaceFolders,
      showsElsewhere,
    }),
  );
  const view = owned.add(new EnvironmentsView(tree));
  const statusBar = owned.add(new StatusBar(berth, tree));
  const terminals = owned.add(new Terminals());
  const documents = owned.add(new Documents(berth));
  const remembered = new Remembered(context.workspaceState);
  const pageOf = (code: FindingCode) => vscode.Uri.file(context.asAbsolutePath(docsPageOf(code)));
  const findings = owned.add(new WorkspaceFindings(berth.findings, berth.liveFindings, berth.store));
  const diagnostics = owned.add(new FindingDiagnostics(findings, berth.store, pageOf));
  owned.add(new FindingActions(berth.findings, findings, berth.fixing, diagnostics));
  const folders = () => workspaceFolders().map((folder) => folder.path);
  const findingSources = { findings, store: berth.store, folders };
  const findingTree = owned.add(new FindingTree(findingSources, remembered.get('findings') ?? ALL_FINDINGS));
  const checksView = owned.add(new ChecksView(findingTree));
  const activity = { operations: berth.operations, runs };
  const comparison = owned.add(new ComparisonPanel(berth, remembered));
  const cli = context.asAbsolutePath('dist/cli.js');
  const tasks = new BerthTasks(berth.store, cli);
  const commandRuns = new CommandRuns(berth, tasks, feedback);
  const operations = new OperationCommands(berth, feedback, terminals, view, remembered, log);
  const examples = new ExampleCommand(tree, berth.store, berth.findings, feedback);
  const fixRuns = new FixRuns(berth, examples, operations, commandRuns, feedback);
  const preview = owned.add(new FixPreview());
  owned.add(
    new Commands({
      berth,
      activity,
      docker,
      feedback,
      terminals,
      documents,
      comparison,
      remembered,
      operations,
      commandRuns,
      inTerminals: new TerminalCommands(berth, terminals, documents, remembered, cli),
      copies: new CopyCommands(berth, feedback, remembered),
      stores: new StoreCommands(berth, activity, feedback, documents, log),
      ports: new PortCommands(berth.store, feedback),
      limits: new LimitCommands(berth, feedback, operations),
      templates: new TemplateCommand(context.asAbsolutePath('compose-templates'), berth.store, feedback),
      declarations: new DeclareCommand(berth.store, feedback),
      workflows: new CiWorkflowCommand(berth.store, feedback, cli),
      examples,
      findings: new FindingCommands(berth, findings, findingTree, preview, fixRuns, feedback, remembered, pageOf),
      log,
    }),
  );
  owned.add(vscode.tasks.registerTaskProvider(TASK_TYPE, tasks));
  owned.add(vscode.languages.registerCompletionItemProvider(TASK_FILES, new TaskCompletion(berth.store), '"', ' '));
  testExplorer = owned.add(new TestExplorer(berth, feedback, log));
  owned.add(new WorkspaceWatcher(berth.store));
  owned.add(new EditorTexts(berth.findings));
  owned.add(new EngineWatch(berth, docker));
  owned.add(new LeftoverOffer(berth, runs, commandRuns, feedback));
  berth.findings.watch();
  // Last: this is what sets everything going.
  owned.add(new WorkspaceScope(berth.store, tree));

  if (context.extensionMode === vscode.ExtensionMode.Production) return undefined;
  return { berth, tree, view, statusBar, testExplorer, findingTree, checksView };
}

/** Ends what goes on when the window is closed or loaded anew. VS Code waits up to five seconds for what this promises. */
export async function deactivate(): Promise<void> {
  await testExplorer?.close();
}
