/** What the reference of an image says: `registry:5000/owner/name:tag@digest`. */
export interface ImageReference {
  /** Without its registry, its owner and its tag. */
  readonly name: string;
  /** With its owner, and without its registry: `grafana/loki`. */
  readonly repository: string;
  /** Whether it is one of Docker's official images, such as `postgres`. */
  readonly isOfficial: boolean;
  readonly tag?: string;
  readonly digest?: string;
}

/** What was read already: checks ask for the same few images again and again. */
const KNOWN = new Map<string, ImageReference>();

/** Reads the reference of an image. Source: the `distribution/reference` module, which Docker reads them with. */
export function imageReference(text: string): ImageReference {
  const known = KNOWN.get(text) ?? read(text);
  KNOWN.set(text, known);
  return known;
}

function read(text: string): ImageReference {
  const [rest = '', digest] = text.split('@');
  const [, path = rest, tag] = /^(.*?)(?::([^:/]*))?$/.exec(rest) ?? [];
  const parts = path.split('/');
  const [first = ''] = parts;
  const hasRegistry = parts.length > 1 && (/[.:]/.test(first) || first === 'localhost');
  const own = hasRegistry ? parts.slice(1) : parts;
  const isOfDocker = !hasRegistry || /^(?:index\.|registry-1\.)?docker\.io$/.test(first);
  const repository = own.join('/').replace(/^library\//, '');
  return {
    name: own.at(-1) ?? '',
    repository,
    isOfficial: isOfDocker && !repository.includes('/'),
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}
