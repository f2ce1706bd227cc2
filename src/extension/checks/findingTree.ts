import { isDeepStrictEqual } from 'node:util';
import { type Disposable, DisposableStore } from '../../core/common/disposable';
import { Emitter } from '../../core/common/event';
import type { EnvironmentStore } from '../../core/environmentStore';
import type { Checked, Findings } from '../../core/findings/findings';
import { type Finding, SEVERITIES, type Severity } from '../../core/model/finding';
import type { Row } from '../views/row';
import { engineGroupRow, environmentGroupRow, fileGroupRow, findingRow, workspaceGroupRow } from './findingRows';

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
  readonly findings: Pick<Findings, 'checked' | 'onDidChange'>;
  readonly store: Pick<EnvironmentStore, 'environments' | 'find' | 'isScanned' | 'isTrusted'>;
  /** Absolute paths of the workspace folders now. */
  readonly folders: () => readonly string[];
}

/** A row with what it is about. */
interface Branch {
  readonly node: FindingNode;
  readonly row: Row;
  readonly finding?: Finding;
  readonly children: readonly Branch[];
}

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

  /** Fires when the rows, or the state, are others than before. */
  readonly onDidChange = this.emitter.event;

  constructor(
    private readonly sources: FindingSources,
    private chosen: FindingChoices,
  ) {
    this.owned.add(sources.findings.onDidChange(() => this.update()));
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
    return (this.sources.findings.checked?.findings.length ?? 0) - this.findings.length;
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
    return this.branches.get(node)?.row;
  }

  /** The finding that a node is about; undefined when it is no longer there, or holds several. */
  finding(node: FindingNode): Finding | undefined {
    return this.branches.get(node)?.finding;
  }

  dispose(): void {
    this.owned.dispose();
  }

  private update(): void {
    const before = { top: this.top, state: this.viewState };
    const { checked } = this.sources.findings;
    this.findings = (checked?.findings ?? []).filter(({ severity }) => this.chosen.severities.includes(severity));
    this.top = checked ? this.groups(checked) : [];
    this.index();
    this.viewState = this.stateOf(checked);
    if (!isDeepStrictEqual(before, { top: this.top, state: this.viewState })) this.emitter.fire();
  }

  private stateOf(checked: Checked | undefined): ChecksState {
    const { isScanned, isTrusted, environments } = this.sources.store;
    if (this.top.length > 0) return 'ready';
    if (checked && checked.findings.length > 0) return 'filtered';
    if (!checked || !isScanned || environments.some(({ resolution }) => resolution.kind === 'pending'))
      return 'scanning';
    if (environments.length === 0) return 'noEnvironments';
    return isTrusted ? 'nothing' : 'restricted';
  }

  private groups(checked: Checked): readonly Branch[] {
    return this.chosen.grouping === 'environment' ? this.byEnvironment(checked) : this.byFile(checked);
  }

  /** Each environment with what is about it, in the order of the store; in the end what is about none. */
  private byEnvironment(checked: Checked): readonly Branch[] {
    const { store } = this.sources;
    const known = new Set(store.environments.map(({ definition }) => definition.id));
    const others = this.findings.filter(({ environments }) => !environments.some((id) => known.has(id)));
    return [
      ...store.environments.flatMap((environment) => {
        const { id } = environment.definition;
        const own = this.findings.filter(({ environments }) => environments.includes(id));
        return this.group(`environment:${id}`, own, checked, () => environmentGroupRow(environment, own, store));
      }),
      ...this.group('workspace', others, checked, () => workspaceGroupRow(others)),
    ];
  }

  private byFile(checked: Checked): readonly Branch[] {
    const files = [...new Set(this.findings.flatMap(({ places: [first] }) => first?.file ?? []))].sort();
    const elsewhere = this.findings.filter(({ places }) => places.length === 0);
    return [
      ...files.flatMap((file) => {
        const own = this.findings.filter(({ places: [first] }) => first?.file === file);
        return this.group(`file:${file}`, own, checked, () => fileGroupRow(file, own, this.sources.folders()));
      }),
      ...this.group('elsewhere', elsewhere, checked, () => engineGroupRow(elsewhere)),
    ];
  }

  private group(id: string, findings: readonly Finding[], { facts }: Checked, row: () => Row): readonly Branch[] {
    if (findings.length === 0) return [];
    const counts = new Map<string, number>();
    const children = findings.map((finding): Branch => {
      // Not by line: what is typed above it makes it no other one.
      const key = JSON.stringify([id, finding.code, finding.service, finding.message, finding.places[0]?.file]);
      const count = counts.get(key) ?? 0;
      counts.set(key, count + 1);
      const canIgnore = finding.places.some(({ file }) => facts.textOf(file) !== undefined);
      return {
        node: this.node({ kind: 'finding', id: `${key}#${count}` }),
        row: findingRow(finding, { folders: this.sources.folders(), canIgnore, store: this.sources.store }),
        finding,
        children: [],
      };
    });
    return [{ node: this.node({ kind: 'findings', id }), row: row(), children }];
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
