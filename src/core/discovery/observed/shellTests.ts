import type { AndOr, CommandNode, PipelineNode, Script, Word } from 'unbash';
import type { ShellState } from './shellStates';
import { isKnown } from './shellWords';

type Node = PipelineNode | AndOr | undefined;
type TestExpression = Extract<CommandNode, { type: 'TestCommand' }>['expression'];
type UnaryTest = Extract<TestExpression, { type: 'TestUnary' }>;

/** What a test asks: whether a variable is a text, or is not. */
interface Question {
  readonly variable: string;
  readonly text: string;
  readonly isNegated: boolean;
}

/** The ways on which a test is so, and those on which it is not. One of which that can't be told is among both. */
export interface Answers {
  readonly yes: readonly ShellState[];
  readonly no: readonly ShellState[];
}

/** Whether a command is a test, which may be so or not. */
export function isTest(node: Node): boolean {
  if (node?.type === 'TestCommand' || questionOf(node)) return true;
  return isCommand(node) && /^(?:\[|test|grep)$/.test(node.name?.value ?? '');
}

/**
 * What a test says of the ways that lead to it, where they differ in what it asks: `[ "$BUILD" = true ]` after an option set
 * `BUILD`. What is the same on all ways may be a default that somebody's setting changes: then each is among both.
 */
export function answered(test: Node, states: readonly ShellState[]): Answers {
  const question = questionOf(test);
  if (!question) return { yes: states, no: states };
  const answers = states.map((state) => answerOf(question, state));
  const yes = states.filter((_, index) => answers[index] !== false);
  const no = states.filter((_, index) => answers[index] !== true);
  return answers.includes(true) && answers.includes(false) ? { yes, no } : { yes: states, no: states };
}

/** What a script does not set on this way is taken for empty. */
function answerOf({ variable, text, isNegated }: Question, { variables }: ShellState): boolean | undefined {
  const value = [variables.get(variable) ?? ''].flat().join(' ');
  return isKnown(value) ? (value === text) !== isNegated : undefined;
}

/** Of `[ "$A" = text ]`, `[[ $A != text ]]`, `test -n "$A"`, or a mere `$A` that is `true`; undefined for all else. */
function questionOf(test: Node): Question | undefined {
  if (test?.type === 'TestCommand') {
    const { expression } = test;
    if (expression.type === 'TestUnary') return question(expression.operand, expression.operator);
    return expression.type === 'TestBinary'
      ? question(expression.left, expression.operator, expression.right)
      : undefined;
  }
  if (!isCommand(test) || !test.name) return undefined;
  const words = test.suffix.flatMap((one) => (one.type === 'Word' ? [one] : []));
  if (!/^(?:\[|test)$/.test(test.name.value)) return words.length === 0 ? question(test.name, '=', 'true') : undefined;
  const [first, second, third, ...more] = words.filter(({ value }) => value !== ']');
  if (!first || !second || more.length > 0) return undefined;
  return third ? question(first, second.value, third) : question(second, first.value);
}

function question(asked: Word, operator: string, text: Word | string = ''): Question | undefined {
  const variable = /^"?\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?-)?\})"?$/.exec(asked.text)?.slice(1).find(Boolean);
  const isPlain = typeof text === 'string' || !/[$`*?[]/.test(text.text);
  if (variable === undefined || !isPlain || !/^(?:==?|!=|-n|-z)$/.test(operator)) return undefined;
  const value = typeof text === 'string' ? text : text.value;
  return { variable, text: value, isNegated: operator === '!=' || operator === '-n' };
}

function isCommand(node: Node): node is Extract<PipelineNode, { type: 'Command' }> {
  return node?.type === 'Command';
}

/** `FLAG` of `[ -n "$FLAG" ] && echo …`, also with `[[ … ]]` or `test`. */
export function variableAskedFor({ commands: [only, ...more] }: Script): string | undefined {
  const chain = only?.command;
  if (chain?.type !== 'AndOr' || more.length > 0 || chain.operators.includes('||')) return undefined;
  const [test] = chain.commands;
  let asked = '';
  if (test?.type === 'TestCommand' && test.expression.type === 'TestUnary' && test.expression.operator === '-n') {
    asked = test.expression.operand.text;
  } else if (test?.type === 'Command' && /^(?:\[|test)$/.test(test.name?.value ?? '')) {
    asked = test.args.map(({ text }) => text).join(' ');
  }
  return /^(?:-n )?"?\$\{?([A-Za-z_]\w*)(?::?-)?\}?"?(?: \])?$/.exec(asked)?.[1];
}

/** The questions with one operand in `[[ … ]]`. */
export function questionsIn(test: TestExpression): readonly UnaryTest[] {
  switch (test.type) {
    case 'TestUnary':
      return [test];
    case 'TestNot':
      return questionsIn(test.operand);
    case 'TestGroup':
      return questionsIn(test.expression);
    case 'TestLogical':
      return test.operands.flatMap(questionsIn);
    default:
      return [];
  }
}
