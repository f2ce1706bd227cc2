import { Emitter } from '../../../src/core/common/event';
import type { OperationName } from '../../../src/core/compose/operationCalls';
import type { EngineState } from '../../../src/core/engine/engineFeed';
import { runningDefinition } from '../../../src/core/model/attribution';
import type { Container } from '../../../src/core/model/container';
import type { ConfigurationWarning } from '../../../src/core/model/project';
import { buildSnapshot, type EnvironmentSnapshot } from '../../../src/core/model/snapshot';
import type { RunningOperation } from '../../../src/core/operations/operationRunner';
import type { RunState } from '../../../src/core/runs/runWatch';
import type { Activity } from '../../../src/extension/commands/targets';
import {
  EnvironmentTree,
  type TreeChange,
  type TreeNode,
  type WorkspaceFolder,
} from '../../../src/extension/views/environmentTree';
import { folder } from '../cli/examples';

/** An operation that runs on an environment, or on some of its services. */
export function running(
  operation: OperationName,
  on: EnvironmentSnapshot,
  services: readonly string[] = [],
): RunningOperation {
  return { request: { operation, environmentId: on.definition.id, services }, cancel() {} };
}

/** What goes on: operations, and what a test run has to do with any environment. */
export function activity(operations: readonly RunningOperation[] = [], run?: RunState): Activity {
  return { operations: { running: operations }, runs: { stateOf: () => run } };
}

/** A project that only its containers tell of. */
export function runningProject(
  name: string,
  containers: readonly Container[],
  workspaceFolders: readonly string[] = [],
): EnvironmentSnapshot {
  const definition = runningDefinition(name, {}, containers, workspaceFolders);
  return buildSnapshot(definition, { kind: 'containers-only' }, containers, true);
}

/** All that the tree is made from, for a test to change; and what the tree told of it. */
export class TreeWorld {
  readonly changed = new Emitter<readonly EnvironmentSnapshot[]>();
  readonly operationsChanged = new Emitter<void>();
  readonly runsChanged = new Emitter<void>();
  readonly dockerChanged = new Emitter<void>();
  environments: readonly EnvironmentSnapshot[] = [];
  elsewhere: readonly EnvironmentSnapshot[] = [];
  problems: readonly ConfigurationWarning[] = [];
  showsElsewhere = true;
  operations: readonly RunningOperation[] = [];
  /** What test runs have to do with environments, by their ids. */
  readonly runs = new Map<string, RunState>();
  folders: readonly WorkspaceFolder[] = [{ name: 'shop', path: folder }];
  engine: EngineState = { kind: 'connected', address: '/engine' };
  isScanned = true;
  isTrusted = true;
  isDockerInstalled = true;
  /** What the tree said is to be drawn anew, in the order in which it did. */
  readonly told: TreeChange[] = [];
  readonly tree: EnvironmentTree;

  constructor(environments: readonly EnvironmentSnapshot[] = []) {
    this.environments = environments;
    const world = this;
    this.tree = new EnvironmentTree({
      store: {
        get environments() {
          return world.environments;
        },
        get elsewhere() {
          return world.elsewhere;
        },
        get problems() {
          return world.problems;
        },
        get isScanned() {
          return world.isScanned;
        },
        get isTrusted() {
          return world.isTrusted;
        },
        engineState: () => world.engine,
        leadingContext: (context) => context,
        onDidChange: this.changed.event,
      },
      operations: {
        get running() {
          return world.operations;
        },
        onDidChange: this.operationsChanged.event,
      },
      runs: {
        stateOf: ({ definition }) => world.runs.get(definition.id),
        onDidChange: this.runsChanged.event,
      },
      docker: {
        get isInstalled() {
          return world.isDockerInstalled;
        },
        onDidChange: this.dockerChanged.event,
      },
      workspaceFolders: () => this.folders,
      showsElsewhere: () => this.showsElsewhere,
    });
    this.tree.onDidChange((change) => this.told.push(change));
  }

  /** Puts other environments in the place of those there are, as the store would. */
  become(...environments: readonly EnvironmentSnapshot[]): void {
    const before = this.environments;
    this.environments = environments;
    this.changed.fire(before);
  }

  /** What was told since the last time, by what the nodes are called. */
  heard(): readonly (readonly string[] | 'everything')[] {
    return this.told
      .splice(0)
      .map((change) => (change === 'everything' ? change : change.map((node) => node.id.replace(`${folder}#`, ''))));
  }

  /** The whole tree, a row as `label: description`, indented by level. */
  lines(node?: TreeNode, indent = ''): readonly string[] {
    return this.tree.children(node).flatMap((child) => {
      const row = this.tree.row(child);
      return [`${indent}${row?.label}: ${row?.description ?? ''}`, ...this.lines(child, `${indent}  `)];
    });
  }
}
