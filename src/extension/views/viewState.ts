import type { UserError } from '../../core/common/errors';
import type { EngineState } from '../../core/engine/engineFeed';

/** What the Environments view shows: its environments, or why there are none to show. Each kind but `ready` has a welcome text. */
export type ViewState =
  | { readonly kind: 'noFolder' }
  | { readonly kind: 'restricted' }
  | { readonly kind: 'dockerMissing' }
  | { readonly kind: 'scanning' }
  | { readonly kind: 'noEnvironments' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'engineDown'; readonly problem: EngineProblem; readonly message: string }
  | { readonly kind: 'ready' };
export type ViewStateKind = ViewState['kind'];

/**
 * Why there is no engine, as far as it decides what a user can do about it: on this machine none runs, or it may not be
 * used. Those two have welcome texts that say what to do. With any `other` one (a context that there is not, a host that
 * ssh is not let into, a certificate) only the error's own words are of help: the view shows these, with its rows.
 */
export type EngineProblem = 'unreachable' | 'forbidden' | 'other';

export interface ViewFacts {
  readonly folders: number;
  readonly trusted: boolean;
  readonly dockerInstalled: boolean;
  readonly scanned: boolean;
  readonly environments: number;
  /** The state of every engine that the environments are on. */
  readonly engines: readonly EngineState[];
  /** Whether any of them has been connected to since the window was opened. */
  readonly everConnected: boolean;
}

/** What to show. Once there was an engine, the environments stay in view when it is lost. */
export function viewStateOf(facts: ViewFacts): ViewState {
  if (facts.folders === 0) return { kind: 'noFolder' };
  if (!facts.trusted) return { kind: 'restricted' };
  if (!facts.dockerInstalled) return { kind: 'dockerMissing' };
  if (!facts.scanned) return { kind: 'scanning' };
  if (facts.environments === 0) return { kind: 'noEnvironments' };
  if (facts.everConnected) return { kind: 'ready' };
  const lost = facts.engines.find((engine) => engine.kind === 'lost');
  if (!lost) return { kind: 'connecting' };
  const { message, details } = lost.error;
  return {
    kind: 'engineDown',
    problem: engineProblemOf(lost.error),
    message: [message, details.remedy].filter(Boolean).join(' '),
  };
}

function engineProblemOf({ details: { cause } }: UserError): EngineProblem {
  if (!(cause instanceof Error && 'code' in cause)) return 'other';
  // What Windows says of a named pipe that may not be used.
  if (cause.code === 'EACCES' || cause.code === 'EPERM') return 'forbidden';
  // With a port it was not tried on this machine's own socket.
  const isOwnSocket = !('port' in cause);
  return isOwnSocket && (cause.code === 'ENOENT' || cause.code === 'ECONNREFUSED') ? 'unreachable' : 'other';
}

/** Whether the view has rows to show in a state, as far as there are environments. */
export function hasRows(state: ViewState): boolean {
  return (
    state.kind === 'ready' || state.kind === 'restricted' || (state.kind === 'engineDown' && state.problem === 'other')
  );
}
