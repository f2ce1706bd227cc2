import fs from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { YAMLMap } from 'yaml';
import { type Place, UserError } from '../common/errors';
import type { CommandKind } from '../model/command';
import type { EnvironmentDefinition } from '../model/environment';
import { DECLARATION_NAMES } from './workspaceText';
import { declarationText, declaredName, entryOf, existingDeclaration } from './writeDeclaration';

type Yaml = typeof import('yaml');

/** A command as it is to stand in a `berth.yaml`. */
export interface DeclaredCommand {
  readonly kind: CommandKind;
  /** The command line, as somebody typed it. */
  readonly run: string;
  /** The service in whose container it runs; on this machine when left out. */
  readonly service?: string;
  /** Whether that is a container of its own. */
  readonly newContainer?: boolean;
}

/**
 * Declares a command of an environment in the `berth.yaml` of its workspace folder, which is made where there is none: it is written
 * beside the file and put in its place then.
 * @param environments all of the folder, for a file that is made.
 * @returns where the command stands, and the names that the environment and the command have there.
 * @throws UserError (configuration) when the file is no YAML; (failed) when it can't be written.
 */
export async function declareCommand(
  definition: EnvironmentDefinition,
  environments: readonly EnvironmentDefinition[],
  command: DeclaredCommand,
): Promise<{
  readonly place: Place & { readonly line: number };
  readonly environment: string;
  readonly command: string;
}> {
  const { workspaceFolder: folder } = definition;
  const own = environments.filter((one) => one.workspaceFolder === folder && one.origin !== 'running');
  const existing = await existingDeclaration(folder);
  const file = existing ?? path.join(folder, DECLARATION_NAMES[0]);
  try {
    const before = existing ? await fs.readFile(existing, 'utf8') : await declarationText(folder, own);
    const { text, name } = await withCommand(before, definition, command);
    await fs.writeFile(`${file}.part`, text);
    await fs.rename(`${file}.part`, file);
    return {
      place: { file, line: firstChange(before, text) },
      environment: declaredName(definition.name),
      command: name,
    };
  } catch (cause) {
    if (cause instanceof UserError || !(cause instanceof Error)) throw cause;
    throw new UserError('failed', l10n.t("{0} can't be written: {1}.", path.basename(file), cause.message), { cause });
  }
}

/**
 * The text of a `berth.yaml` with a command added to an environment; one that it does not declare yet is declared as it was found. All
 * else stays as it stands there.
 * @returns that, and the command's name: `test`, or the first free one of `test-2`, `test-3` …
 * @throws UserError (configuration) when the text is no YAML.
 */
export async function withCommand(
  original: string,
  definition: EnvironmentDefinition,
  command: DeclaredCommand,
): Promise<{ readonly text: string; readonly name: string }> {
  const yaml = await import('yaml');
  const document = yaml.parseDocument(original, { logLevel: 'silent' });
  const [mistake] = document.errors;
  if (mistake) {
    throw new UserError('configuration', l10n.t('Invalid YAML: {0}.', mistake.message.split('\n')[0] ?? ''), {
      remedy: l10n.t('Correct it first.'),
    });
  }
  const environment = declaredName(definition.name);
  const at = ['environments', environment, 'commands'];
  let name: string = command.kind;
  for (let number = 2; document.hasIn([...at, name]); number++) name = `${command.kind}-${number}`;
  const commands = { [name]: command };
  const found = { ...entryOf(definition.workspaceFolder, definition), commands };
  // Into the innermost map that there is.
  const whole = { environments: { [environment]: found } };
  const steps = [{ environments: whole.environments }, { [environment]: found }, { commands }, commands] as const;
  for (let depth = at.length; depth >= 0; depth--) {
    const map = depth === 0 ? document.contents : document.getIn(at.slice(0, depth), true);
    const added = steps[depth];
    if (yaml.isMap(map) && map.items.length > 0 && added) {
      return { text: withEntry(yaml, original, map, withoutUndefined(added)), name };
    }
  }
  return { text: yaml.stringify(withoutUndefined(whole)), name };
}

/** The first line of a text that is another one than before, counted from 1. */
function firstChange(before: string, text: string): number {
  const lines = before.split('\n');
  return text.split('\n').findIndex((line, index) => line !== lines[index]) + 1;
}

/** What is undefined has no place in YAML. */
function withoutUndefined(value: object): object {
  return JSON.parse(JSON.stringify(value)) as object;
}

/** The text with an entry behind the others of a map, written as those are; all else stays as it is. */
function withEntry(yaml: Yaml, text: string, map: YAMLMap, entry: object): string {
  const last = map.items.at(-1);
  const [start] = rangeOf(map.items[0]?.key);
  const [, end] = rangeOf(map);
  if (map.flow) {
    const written = yaml.stringify(entry, { collectionStyle: 'flow', lineWidth: 0 }).trim();
    const before = text.slice(0, end - 1).trimEnd();
    return `${before}, ${written.slice(1, -1).trim()} ${text.slice(end - 1)}`;
  }
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
  const [, valueEnd] = rangeOf(last?.value ?? last?.key);
  const contentEnd = text[valueEnd - 1] === '\n' ? valueEnd - 1 : valueEnd;
  const lineEnd = text.indexOf('\n', contentEnd);
  const at = lineEnd < 0 ? text.length : lineEnd;
  const written = yaml
    .stringify(entry, { lineWidth: 0 })
    .trimEnd()
    .replace(/^(?=.)/gm, indent);
  return `${text.slice(0, at)}\n${written}${text.slice(at) || '\n'}`;
}

/** Where a node begins and ends in the text. */
function rangeOf(node: unknown): readonly [start: number, end: number] {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) ? [Number(range[0]), Number(range[1])] : [0, 0];
}
