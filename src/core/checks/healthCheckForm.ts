import * as l10n from '@vscode/l10n';
import { list } from '../common/json';
import { disableByTest, markAs, runBy, runByShell, SHELL_OPERATOR, withoutMark } from '../compose/healthCheckEdit';
import type { FileEdit, Finding } from '../model/finding';
import type { CheckedEnvironment } from './check';
import { lastWritten, type Written } from './written';

/** What is wrong with a health check, and what mends the text of its `test`. */
export interface HealthCheckTrouble extends Pick<Finding, 'message' | 'remedy'> {
  readonly severity?: Finding['severity'];
  readonly fix?: {
    readonly title: string;
    readonly isSafe: boolean;
    readonly edits: (test: Written) => readonly FileEdit[] | undefined;
  };
}

/** Programs that make something of such words themselves. */
const INTERPRETERS = /(?:^|\/)(?:\w*sh|python[\d.]*|node|php|perl|ruby|expr|test|\[)$/;

/** What is no program of its own but a word of the shell. */
const SHELL_WORD = /^(?:exit|cd|exec|eval|command|set|export|if|while|for|until|case|!|:|\.)$/;

/** What has to be the first item of a list. Source: the Compose file reference, "healthcheck". */
const MARKS = ['CMD', 'CMD-SHELL', 'NONE'];

/**
 * What is wrong with the form of a test, as Compose resolved it. Source: the Dockerfile reference, `HEALTHCHECK`: `CMD` starts a program
 * with its arguments, `CMD-SHELL` runs one text in a shell.
 */
export function ofForm(name: string, test: readonly string[]): HealthCheckTrouble | undefined {
  const [kind, program = '', ...words] = test;
  if (kind !== 'NONE' && test.length === 1) return withoutCommand(name, kind);
  const [mark] = /^(?:CMD(?:-SHELL)?(?=\s)|NONE$)/.exec(program) ?? [];
  if (kind === 'CMD-SHELL' && words.length === 0 && mark !== undefined) return markInText(name, mark);
  if (kind === 'CMD' && words.length === 0 && /\S\s+\S/.test(program)) {
    return {
      severity: 'error',
      message: l10n.t(
        'The health check of "{0}" never succeeds: "CMD" takes the whole command for the name of a program.',
        name,
      ),
      remedy: l10n.t('Write "CMD-SHELL" in the place of "CMD", or each argument as an item of its own.'),
      fix: {
        title: l10n.t('Run it in a shell'),
        isSafe: true,
        edits: ({ source, keys }) => runBy(source, keys, 'CMD-SHELL'),
      },
    };
  }
  if (kind === 'CMD-SHELL' && words.length > 0) {
    // What stands behind the text is `$0`, `$1` … in it.
    if (/\$\$\{?[\d@*]/.test(program)) return undefined;
    if (/\s/.test(program) && !SHELL_OPERATOR.test(words[0] ?? '')) return behindCommand(name);
    const isPlain = !SHELL_WORD.test(program) && ![program, ...words].some((word) => /[\s|&;<>$`"'\\*?()]/.test(word));
    return {
      message: l10n.t(
        'The health check of "{0}" runs without its arguments: "CMD-SHELL" only runs the one text after it.',
        name,
      ),
      remedy: l10n.t('Write the command as one text, or "CMD" in the place of "CMD-SHELL".'),
      fix: {
        title: l10n.t('Run it with its arguments'),
        isSafe: true,
        edits: ({ source, keys }) => (isPlain ? runBy(source, keys, 'CMD') : runByShell(source, keys)),
      },
    };
  }
  if (kind !== 'CMD' || INTERPRETERS.test(program)) return undefined;
  const runInShell: HealthCheckTrouble['fix'] = {
    title: l10n.t('Run it in a shell'),
    isSafe: true,
    edits: ({ source, keys }) => runByShell(source, keys),
  };
  const own = ofProgram(words);
  const operator = own.find((word) => SHELL_OPERATOR.test(word));
  if (operator !== undefined) {
    return {
      message: l10n.t(
        'The health check of "{0}" hands "{1}" to its program as an argument: "CMD" uses no shell.',
        name,
        operator.replace(/\s.*/, ''),
      ),
      remedy: l10n.t('Write the command as one text after "CMD-SHELL".'),
      fix: runInShell,
    };
  }
  // Compose writes a dollar sign that is none of its own twice.
  const variable = own.map((word) => /\$\$\{?(\w+)\}?$/.exec(word)?.[1]).find((one) => one !== undefined);
  if (variable === undefined) return undefined;
  return {
    message: l10n.t(
      'The health check of "{0}" uses the name of the variable {1} in the place of its value: "CMD" uses no shell.',
      name,
      variable,
    ),
    remedy: l10n.t('Write the command as one text after "CMD-SHELL".'),
    fix: runInShell,
  };
}

/** Whether its words are left over, or arguments of the command, only its author knows: no fix. */
function behindCommand(name: string): HealthCheckTrouble {
  return {
    message: l10n.t(
      'The health check of "{0}" runs the one text after "CMD-SHELL", and nothing of what stands behind that.',
      name,
    ),
    remedy: l10n.t('Write the whole command as one text, or leave out what stands behind it.'),
  };
}

/** The arguments that are not a text for a shell, or for another language: those before `sh -c`, as in `timeout 5 sh -c "a && b"`. */
function ofProgram(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word, index) => INTERPRETERS.test(word) && /^-\w*[cer]$/.test(words[index + 1] ?? ''));
  return at < 0 ? words : words.slice(0, at);
}

/** Measured: an engine 20.10 that is to run `["CMD"]` ends, with everything that it runs. */
function withoutCommand(name: string, kind = ''): HealthCheckTrouble {
  return {
    severity: 'error',
    message: l10n.t('The health check of "{0}" has no command: there is nothing after "{1}".', name, kind),
    remedy: l10n.t('Write the command after it, or remove the health check.'),
  };
}

/** Compose has a shell run a text as it is. */
function markInText(name: string, mark: string): HealthCheckTrouble {
  const isNone = mark === 'NONE';
  return {
    severity: 'error',
    message: l10n.t('The health check of "{0}" has a shell run a program "{1}", and there is none.', name, mark),
    remedy: isNone
      ? l10n.t('Write ["NONE"], as a list, to have no health check.')
      : l10n.t('Leave "{0}" out: what is written as one text, a shell runs.', mark),
    fix: {
      title: isNone ? l10n.t('Write ["NONE"]') : l10n.t('Leave "{0}" out', mark),
      isSafe: true,
      edits: ({ source, keys }) => (isNone ? disableByTest(source, keys) : withoutMark(source, keys)),
    },
  };
}

/** A test as a list that Compose does not accept, since it does not begin with how it is to be run. */
interface RefusedTest {
  readonly service: string;
  readonly words: readonly string[];
}

/** The tests for which Compose refuses the files of an environment; none where it is content, or has something else against them. */
export function refusedTests(environment: CheckedEnvironment): readonly RefusedTest[] {
  if (!/healthcheck\.test must start/i.test(environment.error?.message ?? '')) return [];
  const files = [...environment.sources, ...environment.takenIn];
  const services = new Set(files.flatMap((source) => source.entries(['services']).map(({ key }) => String(key.value))));
  return [...services].flatMap((service) => {
    const test = lastWritten(environment, ['services', service, 'healthcheck', 'test']);
    const words = list(test?.source.valueOf(test.entry.value)).map(String);
    const [first] = words;
    return first === undefined || MARKS.includes(first) ? [] : [{ service, words }];
  });
}

export function ofRefused(name: string, words: readonly string[]): HealthCheckTrouble {
  const [first = '', ...others] = words;
  const meant = MARKS.find((mark) => mark === first.toUpperCase());
  const isForShell =
    others.length === 0 ? /\s/.test(first) : words.some((word) => SHELL_OPERATOR.test(word) || word.includes('$$'));
  const mark = meant ?? (isForShell ? 'CMD-SHELL' : 'CMD');
  return {
    severity: 'error',
    message: l10n.t(
      'Compose does not accept the health check of "{0}": a list begins with "CMD", "CMD-SHELL" or "NONE", and not with "{1}".',
      name,
      first,
    ),
    remedy: l10n.t('Write "{0}" first.', mark),
    fix: {
      title: l10n.t('Write "{0}" first', mark),
      isSafe: true,
      edits: ({ source, keys }) =>
        isForShell && others.length > 0 ? undefined : markAs(source, keys, mark, meant !== undefined),
    },
  };
}
