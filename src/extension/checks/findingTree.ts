import { commentPlaceOf } from '../../core/checks/ignoring';
import { type Disposable, DisposableStore } from '../../core/common/disposable';
import { Emitter } from '../../core/common/event';
import type { EnvironmentStore } from '../../core/environmentStore';
import type { Checked } from '../../core/findings/findings';
import { type Finding, SEVERITIES, type Severity } from '../../core/model/finding';
import type { Row } from '../views/row';
import { engineGroupRow, environmentGroupRow, fileGroupRow, findingRow, workspaceGroupRow } from './findingRows';
import type { WorkspaceFindings } from './workspaceFindings';

/** What findings are put together by. */
export type Grouping = 'environment' | 'file';

/** Which findings are shown, and how. */
export interface FindingChoices {
  readonly grouping: Grouping;
  readonly severities: readonly Severity[];
}

/** Everything, by environment. */
export const ALL_FINDINGS: FindingChoices = { grouping: 'environment', severities: SEVERITIES };

/** What a row of the Checks view is about. The same object for as long as the row is there. */
export type FindingNode =
  | { readonly kind: 'findings'; readonly id: string }
  | { readonly kind: 'finding'; readonly id: string };

/** What the Checks view shows: findings, or why there are none to show. Each kind but `ready` has a welcome text. */
export const CHECKS_STATES = ['ready', 'scanning', 'filtered', 'restricted', 'noEnvironments', 'nothing'] as const;
export type ChecksState = (typeof CHECKS_STATES)[number];

/** All that the tree is made from. */
export interface FindingSources {
  readonly findings: Pick<WorkspaceFindings, 'all' | 'checked' | 'lookOf' | 'onDidChange'>;
  readonly store: Pick<EnvironmentStore, 'environments' | 'find' | 'isScanned' | 'isTrusted' | 'onDidChange'>;
  /** Absolute paths of the workspace folders now. */
  readonly folders: () => readonly string[];
}

/** A node with what is shown for it. */
type Branch =
  | { readonly node: FindingNode; readonly row: Row; readonly children: readonly Branch[] }
  /** Its row is made when it is asked for: of many findings, few are in view. */
  | { readonly node: FindingNode; readonly finding: Finding; readonly children: readonly [] };

/** The Checks view as data. Knows nothing of VS Code. */
export class FindingTree implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly emitter = this.owned.add(new Emitter<void>());
  private nodes = new Map<string, FindingNode>();
  private branches = new Map<FindingNode, Branch>();
  private parents = new Map<FindingNode, FindingNode>();
  private top: readonly Branch[] = [];
  private viewState: ChecksState = 'scanning';
  private findings: readonly Finding[] = [];
  private hiddenCount = 0;

  /** Fires when the rows, or the state, are others than before. */
  readonly onDidChange = this.emitter.event;

  constructor(
    private readonly sources: FindingSources,
    private chosen: FindingChoices,
  ) {
    this.owned.add(sources.findings.onDidChange(() => this.update()));
    this.owned.add(sources.store.onDidChange(() => this.updateState()));
    this.update();
  }

  get state(): ChecksState {
    return this.viewState;
  }

  get choices(): FindingChoices {
    return this.chosen;
  }

  /** The findings that are shown, each once, the worst first. */
  get shown(): readonly Finding[] {
    return this.findings;
  }

  /** How many findings are not shown. */
  get hidden(): number {
    return this.hiddenCount;
  }

  /** Shows others, or in another way. */
  choose(choices: FindingChoices): void {
    this.chosen = choices;
    this.update();
  }

  /** The children of a node; the first level when left out. */
  children(node?: FindingNode): readonly FindingNode[] {
    const branches = node ? (this.branches.get(node)?.children ?? []) : this.top;
    return branches.map((branch) => branch.node);
  }

  parent(node: FindingNode): FindingNode | undefined {
    return this.parents.get(node);
  }

  /** What is shown for a node; undefined when it is no longer there. */
  row(node: FindingNode): Row | undefined {
    const branch = this.branches.get(node);
    return branch && ('row' in branch ? branch.row : this.findingRow(branch.finding));
  }

  /** The finding that a node is about; undefined when it is no longer there, or holds several. */
  finding(node: FindingNode): Finding | undefined {
    const branch = this.branches.get(node);
    return branch && 'finding' in branch ? branch.finding : undefined;
  }

  dispose(): void {
    this.owned.dispose();
  }

  private update(): void {
    const { checked, all } = this.sources.findings;
    this.findings = all.filter(({ severity }) => this.chosen.severities.includes(severity));
    this.hiddenCount = all.length - this.findings.length;
    this.top = checked ? this.groups() : [];
    this.index();
    this.viewState = this.stateOf(checked);
    this.emitter.fire();
  }

  /** There may be another reason by now for showing nothing. */
  private updateState(): void {
    const state = this.stateOf(this.sources.findings.checked);
    if (state === this.viewState) return;
    this.viewState = state;
    this.emitter.fire();
  }

  private findingRow(finding: Finding): Row {
    const { findings, store } = this.sources;
    const canIgnore = commentPlaceOf(finding, findings.lookOf(finding)) !== undefined;
    return findingRow(finding, { folders: this.sources.folders(), canIgnore, store });
  }

  private stateOf(checked: Checked | undefined): ChecksState {
    const { isScanned, isTrusted, environments } = this.sources.store;
    if (this.top.length > 0) return 'ready';
    if (this.hiddenCount > 0) return 'filtered';
    if (!checked || !isScanned || environments.some(({ resolution }) => resolution.kind === 'pending'))
      return 'scanning';
    if (environments.length === 0) return 'noEnvironments';
    return isTrusted ? 'nothing' : 'restricted';
  }

  private groups(): readonly Branch[] {
    return this.chosen.grouping === 'environment' ? this.byEnvironment() : this.byFile();
  }

  /** Each environment with what is about it, in the order of the store; in the end what is about none. */
  private byEnvironment(): readonly Branch[] {
    const { store } = this.sources;
    const own = grouped(this.findings, ({ environments }) => environments);
    const others = this.findings.filter(({ environments }) => !environments.some((id) => store.find(id)));
    return [
      ...store.environments.flatMap((environment) => {
        const { id } = environment.definition;
        const findings = own.get(id) ?? [];
        if (findings.length === 0) return [];
        return [this.group(`environment:${id}`, findings, environmentGroupRow(environment, findings, store))];
      }),
      ...(others.length > 0 ? [this.group('workspace', others, workspaceGroupRow(others))] : []),
    ];
  }

  private byFile(): readonly Branch[] {
    const folders = this.sources.folders();
    const own = grouped(this.findings, ({ places: [first] }) => (first ? [first.file] : []));
    const elsewhere = this.findings.filter(({ places }) => places.length === 0);
    return [
      ...[...own]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([file, findings]) => this.group(`file:${file}`, findings, fileGroupRow(file, findings, folders))),
      ...(elsewhere.length > 0 ? [this.group('elsewhere', elsewhere, engineGroupRow(elsewhere))] : []),
    ];
  }

  private group(id: string, findings: readonly Finding[], row: Row): Branch {
    const counts = new Map<string, number>();
    const children = findings.map((finding): Branch => {
      // Not by line: what is typed above it makes it no other one.
      const key = JSON.stringify([id, finding.code, finding.service, finding.message, finding.places[0]?.file]);
      const count = counts.get(key) ?? 0;
      counts.set(key, count + 1);
      return { node: this.node({ kind: 'finding', id: `${key}#${count}` }), finding, children: [] };
    });
    return { node: this.node({ kind: 'findings', id }), row, children };
  }

  /** The one object for this node. */
  private node(node: FindingNode): FindingNode {
    const known = this.nodes.get(node.id) ?? node;
    this.nodes.set(node.id, known);
    return known;
  }

  /** Notes where everything is, and forgets what is gone. */
  private index(): void {
    this.branches = new Map();
    this.parents = new Map();
    for (const group of this.top) {
      this.branches.set(group.node, group);
      for (const child of group.children) {
        this.branches.set(child.node, child);
        this.parents.set(child.node, group.node);
      }
    }
    this.nodes = new Map([...this.branches.keys()].map((node) => [node.id, node]));
  }
}

/** Findings by what they belong to, which may be several things. */
function grouped(
  findings: readonly Finding[],
  keysOf: (finding: Finding) => readonly string[],
): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    for (const key of keysOf(finding)) {
      const known = groups.get(key);
      if (known) known.push(finding);
      else groups.set(key, [finding]);
    }
  }
  return groups;
}
