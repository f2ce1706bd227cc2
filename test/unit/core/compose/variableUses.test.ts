// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so are variables written in compose files.
import assert from 'node:assert/strict';
import { ComposeSource } from '../../../../src/core/compose/composeSource';
import { usesByName, variableUses } from '../../../../src/core/compose/variableUses';

describe('variables in a compose file', () => {
  const uses = async (text: string) => {
    const [source] = await ComposeSource.read('/compose.yaml', text);
    return variableUses(source).map(({ range }) => source.text.slice(range.start, range.end));
  };

  it('are found in values, once where they stand', async () => {
    assert.deepEqual(await uses('a: &x $A\nb: [*x, "${B:-1}"]\nc: |\n  ${C}\n$D: ${E?} # ${F}\n'), [
      '$A',
      '${B:-1}',
      '${C}',
      '${E?}',
    ]);
  });

  it('are found in the defaults of others', async () => {
    assert.deepEqual(await uses('a: ${A:-${B-x}y}'), ['${A:-${B-x}y}', '${B-x}']);
  });

  it('are none behind two dollar signs', async () => {
    assert.deepEqual(await uses('a: $$A $${B} $$$C $1'), ['$C']);
  });

  it('have a name, an operator and what follows', async () => {
    const [source] = await ComposeSource.read('/compose.yaml', 'a: ${A:-one}${A}${B:?two}');
    const found = [...usesByName(source)].map(([name, all]) => [name, all.map((one) => one.operator + one.operand)]);
    assert.deepEqual(found, [
      ['A', [':-one', '']],
      ['B', [':?two']],
    ]);
  });

  it('are looked for in half-typed files', async () => {
    for (const text of ['a: ${', 'a: ${A', 'a: ${A:-', 'a: [${A}', '*x: $', 'a: &a [*a, $B]']) await uses(text);
  });
});
