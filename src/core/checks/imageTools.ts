import { type ImageReference, imageReference } from '../model/imageReference';

/** Images of which it is known that they lack a tool. Sources: their Dockerfiles; Alpine and BusyBox bring their own `wget`. */
const LACKING: readonly {
  readonly isOne: (image: ImageReference, written: string) => boolean;
  readonly tools: readonly string[];
  /** What there is in its place. */
  readonly instead: string | undefined;
}[] = [
  { isOne: official(/^postgres$/), tools: ['curl'], instead: 'pg_isready' },
  { isOne: official(/^(?:redis|valkey)$/), tools: ['curl'], instead: 'redis-cli ping' },
  { isOne: official(/^(?:postgres|redis)$/, /^(?!.*alpine)/), tools: ['wget'], instead: undefined },
  { isOne: official(/^(?:alpine|busybox)$/), tools: ['curl'], instead: 'wget -q -O /dev/null' },
  { isOne: official(/^(?:golang|node|python|ruby)$/, /alpine/), tools: ['curl'], instead: 'wget -q -O /dev/null' },
  { isOne: official(/^python$/, /slim/), tools: ['curl', 'wget'], instead: 'python -c' },
  { isOne: official(/^ruby$/, /slim/), tools: ['curl', 'wget'], instead: 'ruby -e' },
  { isOne: official(/^nginx$/, /alpine.*slim/), tools: ['curl'], instead: 'wget -q -O /dev/null' },
  { isOne: official(/^traefik$/, /^v?[23](?!.*(?:windows|server))/), tools: ['curl'], instead: 'wget -q -O /dev/null' },
  { isOne: official(/^registry$/, /^2/), tools: ['curl'], instead: 'wget -q -O /dev/null' },
  { isOne: isDistroless, tools: ['curl', 'wget'], instead: undefined },
  { isOne: official(/^node$/, /slim/), tools: ['curl', 'wget'], instead: 'node -e' },
  { isOne: official(/^(?:debian|ubuntu)$/), tools: ['curl', 'wget'], instead: undefined },
  {
    isOne: ({ repository, tag = '' }) =>
      /^prom\/(?:prometheus|alertmanager)$/.test(repository) && !/distroless/.test(tag),
    tools: ['curl'],
    instead: 'wget -q -O /dev/null',
  },
];

function official(name: RegExp, tagged = /^/) {
  return ({ isOfficial, repository, tag = '' }: ImageReference) =>
    isOfficial && name.test(repository) && tagged.test(tag);
}

/** Python's up to Debian 11, and its own of no Debian that is told, may have `sh`. Source: GoogleContainerTools/distroless, issues 601 and 1178. */
const MAY_HAVE_SHELL = /^gcr\.io\/distroless\/python3(?!-debian(?:1[2-9]|[2-9]\d))/;

/** Those for debugging have BusyBox. Of one that only its digest names, it is not known whether it is one of them. */
function isDistroless({ tag, digest }: ImageReference, written: string): boolean {
  const isKnown = tag !== undefined || digest === undefined;
  const isLean = written.startsWith('gcr.io/distroless/') && !MAY_HAVE_SHELL.test(written);
  return isKnown && isLean && !tag?.includes('debug');
}

/** A tool that an image lacks, with what there is in its place. */
export interface LackingTool {
  readonly tool: string;
  readonly instead: string | undefined;
  /** Set where it is the shell that the health check runs in. */
  readonly isShell?: true;
}

/**
 * The shell that a health check runs in, or the tool for requests that it begins with, where the image surely lacks it.
 * @param test the health check as Compose has it, `CMD` or `CMD-SHELL` first.
 */
export function lackingTool(image: string, [kind, ...words]: readonly string[]): LackingTool | undefined {
  const shell = kind === 'CMD-SHELL' ? 'sh' : /(?:^|\/)((?:ba|da|a)?sh)$/.exec(words[0] ?? '')?.[1];
  const isScript = shell !== undefined;
  const reference = imageReference(image);
  if (isScript && isDistroless(reference, image)) return { tool: shell, instead: undefined, isShell: true };
  const script = isScript ? words.join(' ') : (words[0] ?? '');
  const tools = ['curl', 'wget'].filter((tool) => new RegExp(`(?:^|[\\s/;(&|])${tool}(?:\\s|$)`).test(script));
  const [tool] = tools;
  // Of a script that tries both, one may be there.
  if (tool === undefined || tools.length > 1) return undefined;
  const known = LACKING.find((one) => one.tools.includes(tool) && one.isOne(reference, image));
  return known && { tool, instead: known.instead };
}
