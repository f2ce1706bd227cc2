import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Disposable, DisposableStore } from '../../core/common/disposable';
import { Emitter, type Event } from '../../core/common/event';
import { DECLARATION_NAMES } from '../../core/discovery/workspaceText';
import type { EnvironmentStore } from '../../core/environmentStore';
import { allCommands } from '../../core/model/command';
import type { ConfigurationWarning } from '../../core/model/project';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import type { OperationRequest } from '../../core/operations/operation';
import type { OperationRunner } from '../../core/operations/operationRunner';
import type { RunState, RunWatch } from '../../core/runs/runWatch';
import { commandRow, commandsRow } from './commandRows';
import type { Row } from './row';
import {
  declarationRow,
  elsewhereRow,
  engineRow,
  environmentRow,
  folderRow,
  problemRows,
  restrictedRow,
  serviceRow,
} from './rows';
import { hasRows, type ViewState, viewStateOf } from './viewState';

/**
 * What a row of the view is about. The same object for as long as the row is there, which is how VS Code knows it: so
 * selection and expansion stay.
 */
export type TreeNode =
  | { readonly kind: 'folder'; readonly id: string; readonly folder: string }
  | { readonly kind: 'environment'; readonly id: string; readonly environmentId: string }
  | { readonly kind: 'service'; readonly id: string; readonly environmentId: string; readonly service: string }
  | { readonly kind: 'commands'; readonly id: string; readonly environmentId: string }
  | { readonly kind: 'command'; readonly id: string; readonly environmentId: string; readonly command: string }
  | { readonly kind: 'problem'; readonly id: string }
  | { readonly kind: 'engine'; readonly id: string; readonly context: string | undefined }
  | { readonly kind: 'restricted'; readonly id: string }
  | { readonly kind: 'elsewhere'; readonly id: string };

export interface WorkspaceFolder {
  readonly name: string;
  /** Absolute path. */
  readonly path: string;
}

/** All that the tree is made from. */
export interface TreeSources {
  readonly store: Pick<
    EnvironmentStore,
    | 'environments'
    | 'elsewhere'
    | 'problems'
    | 'isScanned'
    | 'isTrusted'
    | 'engineState'
    | 'leadingContext'
    | 'onDidChange'
  >;
  readonly operations: Pick<OperationRunner, 'running' | 'onDidChange'>;
  readonly runs: Pick<RunWatch, 'stateOf' | 'onDidChange'>;
  readonly docker: { readonly isInstalled: boolean; readonly onDidChange: Event<void> };
  /** The workspace folders now, in their order. */
  readonly workspaceFolders: () => readonly WorkspaceFolder[];
  /** Whether the user wants to see the projects that are elsewhere on the engines. */
  readonly showsElsewhere: () => boolean;
}

/** What must be drawn anew: single nodes, a node's children with it where those came or went; or everything. */
export type TreeChange = readonly TreeNode[] | 'everything';

/** A node with what is shown for it. */
interface Branch {
  readonly node: TreeNode;
  readonly row: Row;
  readonly children: readonly Branch[];
}

/** An environment's branch, and what it was made from: as long as those are the same objects, it is right. */
interface EnvironmentBranch {
  readonly branch: Branch;
  readonly snapshot: EnvironmentSnapshot;
  readonly operations: readonly OperationRequest[];
  readonly run: RunState | undefined;
}

/**
 * The Environments view as data: which nodes there are, what their rows say, and on each change of store or operations,
 * which of them changed. Knows nothing of VS Code.
 */
export class EnvironmentTree implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly emitter = this.owned.add(new Emitter<TreeChange>());
  private readonly stateEmitter = this.owned.add(new Emitter<ViewState>());
  private nodes = new Map<string, TreeNode>();
  private environmentBranches = new Map<string, EnvironmentBranch>();
  private branches = new Map<TreeNode, Branch>();
  private parents = new Map<TreeNode, TreeNode>();
  private top: readonly Branch[] = [];
  private everConnected = false;
  private viewState: ViewState = { kind: 'scanning' };

  readonly onDidChange = this.emitter.event;
  readonly onDidChangeState = this.stateEmitter.event;

  constructor(private readonly sources: TreeSources) {
    this.owned.add(sources.store.onDidChange(() => this.update()));
    this.owned.add(sources.operations.onDidChange(() => this.update()));
    this.owned.add(sources.runs.onDidChange(() => this.update()));
    this.owned.add(sources.docker.onDidChange(() => this.update()));
    this.update();
  }

  /** What the view shows, or why there is nothing to show. */
  get state(): ViewState {
    return this.viewState;
  }

  /** The children of a node; the first level when left out. */
  children(node?: TreeNode): readonly TreeNode[] {
    const branches = node ? (this.branches.get(node)?.children ?? []) : this.top;
    return branches.map((branch) => branch.node);
  }

  /** The node of an environment; undefined when it has none. */
  environmentNode(environmentId: string): TreeNode | undefined {
    return this.environmentBranches.get(environmentId)?.branch.node;
  }

  parent(node: TreeNode): TreeNode | undefined {
    return this.parents.get(node);
  }

  /** What is shown for a node; undefined when it is no longer there. */
  row(node: TreeNode): Row | undefined {
    return this.branches.get(node)?.row;
  }

  /** Takes in what the sources can't tell by an event: that workspace folders or settings changed. */
  update(): void {
    const { store } = this.sources;
    // Each engine once, whichever contexts lead to it.
    const contexts = [...new Set(store.environments.map(({ definition }) => store.leadingContext(definition.context)))];
    const engines = contexts.map((context) => ({ context, state: store.engineState(context) }));
    this.everConnected ||= engines.some(({ state }) => state.kind === 'connected');
    const stateBefore = this.viewState;
    this.viewState = viewStateOf({
      folders: this.sources.workspaceFolders().length,
      trusted: store.isTrusted,
      dockerInstalled: this.sources.docker.isInstalled,
      scanned: store.isScanned,
      environments: store.environments.length,
      engines: engines.map(({ state }) => state),
      everConnected: this.everConnected,
    });
    this.grow(this.notices(engines));
    if (!isDeepStrictEqual(stateBefore, this.viewState)) this.stateEmitter.fire(this.viewState);
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** The rows above all environments. */
  private notices(
    engines: readonly { context: string | undefined; state: ReturnType<EnvironmentStore['engineState']> }[],
  ) {
    if (this.viewState.kind === 'restricted') {
      return [{ node: this.node({ kind: 'restricted', id: 'restricted' }), row: restrictedRow(), children: [] }];
    }
    return engines.flatMap(({ context, state }): Branch[] => {
      const row = engineRow(state, context);
      return row
        ? [{ node: this.node({ kind: 'engine', id: `engine:${context ?? ''}`, context }), row, children: [] }]
        : [];
    });
  }

  /** Makes the branches anew, and tells which of them are not what they were. */
  private grow(notices: readonly Branch[]): void {
    const before = this.branches;
    const topBefore = this.top;
    const { environments } = this.sources.store;
    const isShown = hasRows(this.viewState) && environments.length > 0;
    this.top = isShown ? [...notices, ...this.below(environments)] : [];
    this.index();
    if (!sameNodes(topBefore, this.top)) {
      this.emitter.fire('everything');
      return;
    }
    const changed = [...this.branches.values()].filter((branch) => {
      const old = before.get(branch.node);
      return (
        // A node that came is drawn with its parent, whose children are not the same then.
        old !== undefined &&
        old !== branch &&
        !(isDeepStrictEqual(old.row, branch.row) && sameNodes(old.children, branch.children))
      );
    });
    if (changed.length > 0) this.emitter.fire(changed.map((branch) => branch.node));
  }

  /** All that is below the notices: what is of the workspace, then what is not. */
  private below(environments: readonly EnvironmentSnapshot[]): readonly Branch[] {
    const previous = this.environmentBranches;
    this.environmentBranches = new Map();
    return [...this.byFolder(this.environmentBranchesOf(environments, previous)), ...this.elsewhere(previous)];
  }

  /** The branches of environments; those from before, where they still are right. */
  private environmentBranchesOf(
    environments: readonly EnvironmentSnapshot[],
    previous: ReadonlyMap<string, EnvironmentBranch>,
  ): readonly EnvironmentBranch[] {
    const { running } = this.sources.operations;
    return environments.map((snapshot) => {
      const { id } = snapshot.definition;
      const operations = running.map(({ request }) => request).filter(({ environmentId }) => environmentId === id);
      const old = previous.get(id);
      const run = this.sources.runs.stateOf(snapshot);
      const same = old?.snapshot === snapshot && old.run === run && sameItems(old.operations, operations);
      const made = same
        ? old
        : { branch: this.environmentBranch(snapshot, operations, run, old), snapshot, operations, run };
      this.environmentBranches.set(id, made);
      return made;
    });
  }

  /** The projects on the engines that are of no workspace folder, under one node. */
  private elsewhere(previous: ReadonlyMap<string, EnvironmentBranch>): readonly Branch[] {
    const { elsewhere } = this.sources.store;
    if (elsewhere.length === 0 || !this.sources.showsElsewhere()) return [];
    const children = this.environmentBranchesOf(elsewhere, previous).map(({ branch }) => branch);
    return [{ node: this.node({ kind: 'elsewhere', id: 'elsewhere' }), row: elsewhereRow(elsewhere.length), children }];
  }

  /** What is wrong with a folder's declarations, then its environments; below their folders where several have some. */
  private byFolder(branches: readonly EnvironmentBranch[]): readonly Branch[] {
    const folders = this.sources
      .workspaceFolders()
      .map((folder) => ({
        ...folder,
        own: branches.filter((made) => made.snapshot.definition.workspaceFolder === folder.path),
      }))
      .filter(({ own }) => own.length > 0);
    if (folders.length < 2) {
      const declared = folders.flatMap((folder) => this.declarationBranches(folder.path));
      return [...declared, ...branches.map((made) => made.branch)];
    }
    return folders.map(({ name, path: folder, own }) => ({
      node: this.node({ kind: 'folder', id: `folder:${folder}`, folder }),
      row: folderRow(name, folder),
      children: [...this.declarationBranches(folder), ...own.map((made) => made.branch)],
    }));
  }

  private declarationBranches(folder: string): readonly Branch[] {
    return this.sources.store.problems
      .filter((problem) => isOfDeclaration(problem) && isInside(folder, problem.place?.file))
      .map((problem, index) => ({
        node: this.node({ kind: 'problem', id: `${folder}!${index}` }),
        row: declarationRow(problem, folder),
        children: [],
      }));
  }

  /**
   * @param operations those on the environment: the one that runs, then those that wait for it.
   * @param run what a test run has to do with it.
   * @param old the branch that this one takes the place of: what did not change is taken from it.
   */
  private environmentBranch(
    snapshot: EnvironmentSnapshot,
    operations: readonly OperationRequest[],
    run: RunState | undefined,
    old: EnvironmentBranch | undefined,
  ): Branch {
    const environmentId = snapshot.definition.id;
    const comparable =
      old && sameItems(old.operations, operations) && old.snapshot.resolution.kind === snapshot.resolution.kind
        ? old
        : undefined;
    const unchanged = new Set(comparable?.snapshot.services);
    const oldChildren = new Map(comparable?.branch.children.map((child) => [child.node, child]));
    return {
      node: this.node({ kind: 'environment', id: environmentId, environmentId }),
      row: environmentRow(snapshot, operations[0], run),
      children: [
        ...problemRows(snapshot).map(
          (row, index): Branch => ({
            node: this.node({ kind: 'problem', id: `${environmentId}!${index}` }),
            row,
            children: [],
          }),
        ),
        ...snapshot.services.map((service): Branch => {
          const id = `${environmentId}/${service.name}`;
          const node = this.node({ kind: 'service', id, environmentId, service: service.name });
          const kept = unchanged.has(service) ? oldChildren.get(node) : undefined;
          const own = operations.find(({ services }) => services.includes(service.name));
          const operation = own ?? operations.find(({ services }) => services.length === 0);
          return kept ?? { node, row: serviceRow(service, snapshot, operation), children: [] };
        }),
        ...this.commandBranches(snapshot),
      ],
    };
  }

  /** The commands of an environment, under one node; none where nothing is run. */
  private commandBranches({ definition, resolution }: EnvironmentSnapshot): readonly Branch[] {
    const commands = allCommands(definition);
    if (commands.length === 0 || resolution.kind === 'text-only') return [];
    const { id: environmentId } = definition;
    const children = commands.map((command): Branch => {
      const { name } = command;
      const node = this.node({
        kind: 'command',
        id: `${environmentId}#commands/${name}`,
        environmentId,
        command: name,
      });
      return { node, row: commandRow(command), children: [] };
    });
    const node = this.node({ kind: 'commands', id: `${environmentId}#commands`, environmentId });
    return [{ node, row: commandsRow(commands.length), children }];
  }

  /** The one object for this node. */
  private node(node: TreeNode): TreeNode {
    const known = this.nodes.get(node.id) ?? node;
    this.nodes.set(node.id, known);
    return known;
  }

  /** Notes where everything is, and forgets what is gone. */
  private index(): void {
    this.branches = new Map();
    this.parents = new Map();
    const visit = (branch: Branch, parent?: TreeNode) => {
      this.branches.set(branch.node, branch);
      if (parent) this.parents.set(branch.node, parent);
      for (const child of branch.children) visit(child, branch.node);
    };
    for (const branch of this.top) visit(branch);
    this.nodes = new Map([...this.branches.keys()].map((node) => [node.id, node]));
    if (this.top.length === 0) this.environmentBranches.clear();
  }
}

/** Whether a problem is a mistake in a `berth.yaml`, which leaves out what it is about. */
function isOfDeclaration({ place }: ConfigurationWarning): boolean {
  return place !== undefined && DECLARATION_NAMES.some((name) => name === path.basename(place.file));
}

function isInside(folder: string, file = ''): boolean {
  return file.startsWith(folder + path.sep);
}

function sameNodes(before: readonly Branch[], after: readonly Branch[]): boolean {
  return sameItems(
    before.map(({ node }) => node),
    after.map(({ node }) => node),
  );
}

function sameItems<T>(before: readonly T[], after: readonly T[]): boolean {
  return before.length === after.length && before.every((item, index) => item === after[index]);
}
