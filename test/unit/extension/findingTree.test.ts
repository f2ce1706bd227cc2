import assert from 'node:assert/strict';
import path from 'node:path';
import { Emitter } from '../../../src/core/common/event';
import type { Checked } from '../../../src/core/findings/findings';
import type { Finding } from '../../../src/core/model/finding';
import { buildSnapshot, type EnvironmentSnapshot } from '../../../src/core/model/snapshot';
import {
  ALL_FINDINGS,
  type ChecksState,
  type FindingChoices,
  type FindingNode,
  FindingTree,
} from '../../../src/extension/checks/findingTree';
import { findingText } from '../../../src/extension/checks/findingWords';
import { environment, folder } from '../cli/examples';

const dev = environment('dev');
const test = environment('test');
const ids = (...environments: readonly EnvironmentSnapshot[]) => environments.map(({ definition }) => definition.id);
const file = (name: string) => path.join(folder, name);

function finding(message: string, more: Partial<Finding> = {}): Finding {
  return {
    code: 'same-port',
    severity: 'warning',
    message,
    remedy: 'Publish another one.',
    environments: ids(dev),
    places: [{ file: file('compose.yaml'), line: 4, column: 9 }],
    fixes: [],
    ...more,
  };
}

/** All that the tree is made from, for a test to change. */
class World {
  readonly changed = new Emitter<void>();
  readonly storeChanged = new Emitter<readonly EnvironmentSnapshot[]>();
  environments: readonly EnvironmentSnapshot[] = [dev, test];
  folders: readonly string[] = [folder];
  isScanned = true;
  isTrusted = true;
  checked: Checked | undefined;
  live: Checked | undefined;
  /** How often the tree said that it is another one. */
  told = 0;
  readonly tree: FindingTree;

  constructor(choices: Partial<FindingChoices> = {}) {
    const world = this;
    this.tree = new FindingTree(
      {
        findings: {
          get checked() {
            return world.checked;
          },
          get all() {
            return [...(world.checked?.findings ?? []), ...(world.live?.findings ?? [])];
          },
          lookOf: (finding) => (world.live?.findings.includes(finding) ? world.live : world.checked),
          onDidChange: this.changed.event,
        },
        store: {
          get environments() {
            return world.environments;
          },
          get isScanned() {
            return world.isScanned;
          },
          get isTrusted() {
            return world.isTrusted;
          },
          onDidChange: this.storeChanged.event,
          find: (id) => world.environments.find(({ definition }) => definition.id === id),
        },
        folders: () => world.folders,
      },
      { ...ALL_FINDINGS, ...choices },
    );
    this.tree.onDidChange(() => {
      this.told += 1;
    });
  }

  /** Has checks find this. The files that end in `.yaml` were read. */
  find(...findings: readonly Finding[]): void {
    const textOf = (one: string) => (one.endsWith('.yaml') ? '' : undefined);
    this.checked = { findings, facts: { textOf } as Checked['facts'] };
    this.changed.fire();
  }

  lines(node?: FindingNode, indent = ''): readonly string[] {
    return this.tree.children(node).flatMap((child) => {
      const row = this.tree.row(child);
      return [`${indent}${row?.label}: ${row?.description ?? ''}`, ...this.lines(child, `${indent}  `)];
    });
  }
}

describe('the tree of the Checks view', () => {
  const port = finding('Both publish 5432.', { environments: ids(dev, test) });
  const version = finding('"version" has no effect.', {
    code: 'obsolete-version',
    severity: 'info',
    environments: ids(test),
    places: [{ file: file('compose.test.yaml'), line: 1 }],
  });
  const declared = finding('There is no such service.', { severity: 'error', environments: [] });

  it('has each environment with what is about it, and in the end what is about none', () => {
    const world = new World();
    world.find(declared, port, version);
    assert.deepEqual(world.lines(), [
      'dev: 1 warning',
      '  Both publish 5432.: compose.yaml:4',
      'test: 1 warning, 1 remark',
      '  Both publish 5432.: compose.yaml:4',
      '  "version" has no effect.: compose.test.yaml:1',
      'Workspace: 1 error',
      '  There is no such service.: compose.yaml:4',
    ]);
    const [ofDev, ofTest] = world.tree.children();
    assert.deepEqual(
      [ofDev, ofTest].map((node) => node && world.tree.row(node)?.expanded),
      [true, false],
    );
  });

  it('has each file with what is in it, and in the end what is in none', () => {
    const world = new World({ grouping: 'file' });
    world.find(port, version, finding('The port is taken.', { severity: 'error', places: [] }));
    assert.deepEqual(world.lines(), [
      'compose.test.yaml: 1 remark',
      '  "version" has no effect.: compose.test.yaml:1',
      'compose.yaml: 1 warning',
      '  Both publish 5432.: compose.yaml:4',
      'In No File: 1 error',
      '  The port is taken.: ',
    ]);
    world.folders = [folder, path.resolve('/projects/billing')];
    world.find(version);
    assert.deepEqual(world.lines()[0], 'shop/compose.test.yaml: 1 remark');
    world.folders = [];
    world.find(version);
    assert.deepEqual(world.lines()[0], `${file('compose.test.yaml')}: 1 remark`);
  });

  it('shows the severities that are wanted, and counts the others', () => {
    const world = new World({ severities: ['error', 'warning'] });
    world.find(port, version);
    assert.deepEqual(world.tree.shown, [port]);
    assert.equal(world.tree.hidden, 1);
    world.tree.choose({ grouping: 'file', severities: ['info'] });
    assert.deepEqual(world.lines(), ['compose.test.yaml: 1 remark', '  "version" has no effect.: compose.test.yaml:1']);
  });

  it('keeps its nodes where only lines moved', () => {
    const world = new World();
    world.find(port, finding(port.message, { places: [{ file: file('compose.yaml'), line: 9 }] }));
    const [group] = world.tree.children();
    const nodes = world.tree.children(group);
    assert.equal(nodes.length, 2);
    world.find({ ...port, places: [{ file: file('compose.yaml'), line: 5 }] });
    assert.equal(world.tree.children()[0], group);
    assert.equal(world.tree.children(group)[0], nodes[0]);
    assert.equal(nodes[0] && world.tree.parent(nodes[0]), group);
    assert.deepEqual(nodes[0] && world.tree.finding(nodes[0])?.places[0]?.line, 5);
    assert.equal(nodes[1] && world.tree.finding(nodes[1]), undefined);
  });

  it('says why there is nothing to show', () => {
    const states: ChecksState[] = [];
    const world = new World();
    const note = () => states.push(world.tree.state);
    note();
    world.find(version);
    note();
    world.tree.choose({ grouping: 'file', severities: ['error'] });
    note();
    world.find();
    note();
    world.isTrusted = false;
    world.find();
    note();
    world.environments = [buildSnapshot(dev.definition, { kind: 'pending', services: [] }, [], true)];
    world.find();
    note();
    world.environments = [];
    world.told = 0;
    world.storeChanged.fire([dev]);
    world.storeChanged.fire([]);
    note();
    assert.equal(world.told, 1, 'it tells of a change that is none');
    assert.deepEqual(states, ['scanning', 'ready', 'filtered', 'nothing', 'restricted', 'scanning', 'noEnvironments']);
  });
});

describe('a finding in the Checks view', () => {
  const rowOf = (one: Finding) => {
    const world = new World();
    world.find(one);
    const [group] = world.tree.children();
    const [node] = world.tree.children(group);
    return node && world.tree.row(node);
  };

  it('opens its place, and has actions as they fit', () => {
    const one = finding('Both publish 5432.');
    assert.deepEqual(rowOf(one)?.click, { kind: 'open', place: one.places[0] });
    assert.equal(rowOf(one)?.contextValue, 'finding ignoreFinding');
    const fixes = [
      { kind: 'end-program', title: 'End node', pid: 1, name: 'node', started: '1', port: { port: 80 } },
    ] as const;
    assert.equal(rowOf({ ...one, fixes, places: [] })?.contextValue, 'finding fixFinding inline-fixFinding');
    assert.equal(rowOf({ ...one, places: [] })?.click, undefined);
  });

  it('can be ignored where the look that it is of has read its file', () => {
    const world = new World();
    const taken = finding('Port 5432 is taken.', { code: 'port-taken' });
    const elsewhere = { ...taken, places: [{ file: file('other.txt'), line: 1 }] };
    world.live = {
      findings: [taken, elsewhere],
      facts: { textOf: (one: string) => (one === file('compose.yaml') ? '' : undefined) } as Checked['facts'],
    };
    // The files as editors have them are others.
    world.checked = {
      findings: [],
      facts: { textOf: (one: string) => (one.endsWith('.txt') ? '' : undefined) } as Checked['facts'],
    };
    world.changed.fire();
    const [group] = world.tree.children();
    const rows = world.tree.children(group).map((node) => world.tree.row(node)?.contextValue);
    assert.deepEqual(rows, ['finding ignoreFinding', 'finding']);
  });

  it('says in words how much it matters, where it is, of what, and whether there is a fix', () => {
    const fixes = [
      { kind: 'end-program', title: 'End node', pid: 1, name: 'node', started: '1', port: { port: 80 } },
    ] as const;
    const one = finding('Both publish 5432.', { environments: ids(dev, test), fixes });
    assert.equal(rowOf(one)?.accessibleLabel, 'Warning, Both publish 5432., compose.yaml:4, dev, test, has a fix');
    assert.deepEqual(rowOf(one)?.icon.id, 'warning');
    const icons = (['error', 'warning', 'info'] as const).map((severity) => rowOf({ ...one, severity })?.icon.id);
    assert.equal(new Set(icons).size, 3);
  });

  it('tells in its tooltip what to do, its code, and all of its places with links to them', () => {
    const places = [
      { file: file('compose.yaml'), line: 4 },
      { file: file('compose.test.yaml'), line: 7, note: '"test" publishes it here' },
    ];
    const tooltip = rowOf(finding('Both publish 5432.', { places }))?.tooltip;
    assert.equal(tooltip?.text, 'Publish another one.');
    assert.deepEqual(
      tooltip?.facts.map(({ name, value }) => `${name}: ${value}`),
      [
        'Warning: Environments with the same port (same-port)',
        'Environments: dev',
        'Place: compose.yaml:4',
        'Place: compose.test.yaml:7 "test" publishes it here',
      ],
    );
    assert.deepEqual(
      tooltip?.facts.flatMap(({ parts = [] }) => parts.flatMap(({ place }) => place ?? [])),
      places,
    );
  });

  it('is one text with what to do and the environments where there is room for nothing else', () => {
    const world = new World();
    const store = {
      environments: world.environments,
      find: (id: string) => world.environments.find((one) => ids(one)[0] === id),
    };
    assert.equal(
      findingText(finding('Both publish 5432.', { environments: ids(dev, test) }), store),
      'Both publish 5432. Publish another one. (environments: dev, test)',
    );
    assert.equal(
      findingText(finding('Both publish 5432.', { environments: [] }), store),
      'Both publish 5432. Publish another one.',
    );
  });
});
