import type { UserError } from '../common/errors';
import type { EnvironmentDefinition } from './environment';
import type { ServiceLimits } from './limits';
import type { Port } from './project';

/** Where the data of a service is kept: `none` is a data store that loses it with its container. */
export type DataPlace =
  /** `name` is what the engine calls it, `key` what the files do; an external one is made by somebody else. */
  | {
      readonly kind: 'volume';
      readonly key: string;
      readonly name: string;
      readonly external: boolean;
      readonly target: string;
    }
  | { readonly kind: 'unnamed-volume' | 'tmpfs'; readonly target: string }
  /** `source` is an absolute path. */
  | { readonly kind: 'bind'; readonly source: string; readonly target: string }
  | { readonly kind: 'none' };

/** Something of the machine that a service sees: mounted, or copied by `docker compose watch`, which may only build anew. */
export interface MountedPath {
  readonly kind: 'mount' | 'watch';
  /** Absolute path. */
  readonly source: string;
  readonly target?: string;
  readonly readOnly: boolean;
}

export interface ServiceNetwork {
  /** What the files call it. */
  readonly key: string;
  /** What the engine calls it. */
  readonly name: string;
  readonly external: boolean;
  readonly internal: boolean;
}

/** Where a credential comes from: the compose file itself, a variable, or a file of its own. Never what it is. */
export interface Credential {
  readonly name: string;
  readonly source: 'literal' | 'variable' | 'file';
}

/** What of a service is compared, as Compose resolved it. */
export interface ServiceFacts {
  readonly name: string;
  readonly image?: string;
  readonly profiles: readonly string[];
  /** Undefined where the image is not built here; without a target the last stage is built. */
  readonly build?: { readonly context: string; readonly target?: string };
  readonly ports: readonly Port[];
  readonly data: readonly DataPlace[];
  /** Its own sources, which change in the container as they are edited. */
  readonly sources: readonly MountedPath[];
  /** What else is mounted. */
  readonly mounts: readonly MountedPath[];
  readonly networks: readonly ServiceNetwork[];
  /** What stands in the place of networks: `host`, `none`, `service:web`. */
  readonly networkMode?: string;
  /** When it is restarted, as Compose calls it. */
  readonly restart: string;
  readonly limits?: ServiceLimits;
  /** Undefined when Compose does not tell. */
  readonly credentials?: readonly Credential[];
}

/** What of an environment is compared. */
export interface EnvironmentFacts {
  readonly definition: EnvironmentDefinition;
  /** Those that Compose reads variables from: absolute paths. */
  readonly envFiles: readonly string[];
  /** The project's name; undefined when it is not known. */
  readonly project?: string;
  /** Undefined when Compose does not accept the files. */
  readonly services?: readonly ServiceFacts[];
  /** Why the services are not known. */
  readonly error?: UserError;
}
