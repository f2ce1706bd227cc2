import { escapeRegExp } from '../common/text';
import type { ComposeText } from './configurationError';
import { EnvFileSource, unquoted } from './envFileSource';
import { MASK } from './secrets';
import { passwordsIn } from './secretsInText';
import { credentialIn, isPin, isPinAnywhere, isSecretName, looksMade, secretKind, tellsOfSecret } from './secretValue';

type Variable = readonly [name: string, value: string];

/**
 * The secrets among the values of the variables that Compose puts into files, by their names or by what they look like. What stands openly
 * in the files besides is none: it says which service or image a complaint is about.
 * @param texts the compose files.
 * @param envFiles those that the variables are read from.
 * @param shell the variables of the shell, of which those count that some text names.
 */
export function variableSecrets(
  texts: readonly ComposeText[],
  envFiles: readonly ComposeText[],
  shell: NodeJS.ProcessEnv = process.env,
): readonly string[] {
  const all = [...texts, ...envFiles].map(({ text }) => text).join('\n');
  const isNamed = (name: string) => all.includes(name);
  const variables: readonly Variable[] = [
    ...envFiles.flatMap(({ path, text }) =>
      new EnvFileSource(path, text).variables.map(({ name, written }): Variable => [name, unquoted(written) ?? '']),
    ),
    ...Object.entries(shell).flatMap(([name, value = '']): Variable[] => (isNamed(name) ? [[name, value]] : [])),
  ];
  const open = new Set(texts.flatMap(({ text }) => [...text.matchAll(OPEN)].flatMap(openWords)));
  const ports = new Set([
    ...texts
      .flatMap(({ text }) => text.match(PORTS) ?? [])
      .flatMap((one) => one.replace(COMMENT, '').match(NUMBER) ?? []),
    ...variables.flatMap(([name, value]) => (/PORT$/i.test(name) ? [value] : [])),
  ]);
  return [...new Set(variables.flatMap(([name, value]) => secretsOf(name, value, { open, ports })))];
}

/** Keys, and the images of services. */
const OPEN = /^[ \t-]*(?:image:[ \t]*["']?(?<image>[^\s"'#]+)|["']?(?<key>[\w.-]+)["']?:(?=\s|$))/gm;

function openWords({ groups }: RegExpMatchArray): readonly string[] {
  const image = groups?.image ?? '';
  return [groups?.key ?? '', image, ...image.split(/[/:@]/)].map((one) => one.toLowerCase());
}

/**
 * What stands under `ports` and `expose`: a list in brackets, or the line and those behind it that are further in, have a dash, or nothing. The
 * files may be no YAML yet.
 */
const PORTS =
  /["']?(?:ports|expose)["']?:(?<=(?:^([ \t]*)|[{,][ \t]*)["']?(?:ports|expose)["']?:)(?:[ \t]*\[[^\]]*\]|[^\n]*(?:\n(?:\1[ \t]*-|\1[ \t]+\S|[ \t]*(?:#|$))[^\n]*)*)/gm;
const COMMENT = /(?<=^|\s)#.*/gm;
/** What may be a port. */
const NUMBER = /(?<!\d)\d{4,5}(?!\d)/g;

/** What stands openly in the files. */
interface Open {
  /** Words, in small letters. */
  readonly open: ReadonlySet<string>;
  readonly ports: ReadonlySet<string>;
}

function secretsOf(name: string, value: string, { open, ports }: Open): readonly string[] {
  const passwords = passwordsIn(value, open).filter(({ kind }) => kind !== 'placeholder');
  if (passwords.length > 0) return passwords.map((one) => one.value);
  const isNamed = isSecretName(name) && !tellsOfSecret(name);
  if (!isNamed && credentialIn(value) === undefined && !looksMade(name, value)) return [];
  if (isPin(name, value)) return isPinAnywhere(name, value, ports) ? [value] : [];
  const kind = secretKind(name, value, open);
  return kind === undefined || kind === 'placeholder' ? [] : [value];
}

/** Shorter ones may be in other words by chance. */
const SHORTEST_ANYWHERE = 8;
/** What Compose parts a value at before it complains of a piece: in ports, paths and images. */
const PARTS = /[\s:/,=@]+/;
const SHORTEST_PART = 6;

/** A text of Compose's without secrets, nor the pieces of them that it quotes. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const pieces = secrets.flatMap((one) => [
    one,
    JSON.stringify(one).slice(1, -1),
    ...one.split(PARTS).filter((part) => part.length >= SHORTEST_PART),
  ]);
  // The longest first: one may begin with another.
  return [...new Set(pieces)]
    .sort((a, b) => b.length - a.length)
    .reduce((left, piece) => {
      const any = escapeRegExp(piece);
      const pattern = piece.length < SHORTEST_ANYWHERE ? `(?<![A-Za-z0-9])${any}(?![A-Za-z0-9])` : any;
      return left.replace(new RegExp(pattern, 'g'), MASK);
    }, text);
}
