import assert from 'node:assert/strict';
import { type Berth, createBerth } from '../../../src/core/berth';
import { silentLog } from '../../../src/core/common/log';
import type { OperationName, OperationOptions } from '../../../src/core/compose/operationCalls';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../../../src/core/model/snapshot';
import type { OperationProgress, OperationResult } from '../../../src/core/operations/operation';
import type { ComposeFolder } from './composeFolder';
import { environmentNamed } from './waiting';

interface RunOptions {
  readonly services?: readonly string[];
  readonly progress?: OperationProgress[];
  readonly options?: OperationOptions;
}

/** Core, looking at a folder, with the means to run operations in one line. */
export class OperatedFolder {
  private constructor(readonly berth: Berth) {}

  /** @param at absolute path of the workspace folder. */
  static async open({ folder }: ComposeFolder, at = folder): Promise<OperatedFolder> {
    const berth = createBerth(silentLog, 'test');
    await berth.store.setScope({ workspaceFolders: [at], trusted: true });
    await berth.store.whenResolved();
    return new OperatedFolder(berth);
  }

  /** A service of the environment `dev`, with that: what tools are called with. */
  on(name: string): [EnvironmentSnapshot, ServiceSnapshot] {
    const environment = environmentNamed(this.store, 'dev');
    const service = environment.services.find((one) => one.name === name);
    assert.ok(service);
    return [environment, service];
  }

  get store(): Berth['store'] {
    return this.berth.store;
  }

  /** Runs an operation; what it tells on its way goes to `progress`. */
  run(
    operation: OperationName,
    environment = 'dev',
    {
      services = [],
      progress = [],
      options,
      signal = new AbortController().signal,
    }: RunOptions & { signal?: AbortSignal } = {},
  ): Promise<OperationResult> {
    const { definition } = environmentNamed(this.store, environment);
    const request = { operation, environmentId: definition.id, services, options };
    return this.berth.operations.run(request, (one) => progress.push(one), signal);
  }

  /** Runs an operation that must succeed. */
  async do(
    operation: OperationName,
    environment = 'dev',
    options: RunOptions = {},
  ): Promise<Extract<OperationResult, { kind: 'done' }>> {
    const result = await this.run(operation, environment, options);
    if (result.kind !== 'done') assert.fail(`${operation} ${environment} ${describeOutcome(result)}`);
    return result;
  }

  /** Runs an operation that must fail. */
  async fail(
    operation: OperationName,
    environment = 'dev',
    options: RunOptions = {},
  ): Promise<Extract<OperationResult, { kind: 'failed' }>> {
    const result = await this.run(operation, environment, options);
    if (result.kind !== 'failed') assert.fail(`${operation} ${environment} ${describeOutcome(result)}`);
    return result;
  }

  dispose(): void {
    this.berth.dispose();
  }
}

/** How an operation ended, for a message. */
function describeOutcome(result: OperationResult): string {
  if (result.kind !== 'failed') return `was ${result.kind}`;
  const { message, details } = result.error;
  return `failed: ${message} ${details.output ?? ''} ${JSON.stringify(details.place ?? {})}`;
}

/** `web starting`, `web healthy`: the healths that an operation told of a service, in order. */
export function healthsTold(progress: readonly OperationProgress[], service: string): string[] {
  return progress.flatMap((one) => (one.kind === 'service' && one.service === service ? [one.health] : []));
}
