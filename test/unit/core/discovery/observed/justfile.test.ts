import assert from 'node:assert/strict';
import path from 'node:path';
import { justfile } from '../../../../../src/core/discovery/observed/sources/justfile';

/** What the recipes of a justfile run, each in a shell of its own. */
const shellsOf = async (text: string) =>
  (await justfile({ path: '/repo/justfile', text, root: '/repo' })).flatMap(({ shell }) => shell.trimEnd() || []);

describe('the recipes of a justfile', () => {
  it('have lines without what just takes from their beginning, unless they go on with the one before', async () => {
    const text = 'up:\n  @-docker compose \\\n    -f compose.yaml \\\n    -p shop \\\n    up -d\n  -docker ps\n';
    assert.deepEqual(await shellsOf(text), ['docker compose \\\n-f compose.yaml \\\n-p shop \\\nup -d', 'docker ps']);
  });

  it('are scripts as they stand where they name what runs them', async () => {
    const text = 'up:\n  #!/bin/bash\n  ARGS=(\n    -f compose.yaml\n    -p shop\n  )\n  docker compose $ARGS up\n';
    assert.deepEqual(await shellsOf(text), [
      '#!/bin/bash\nARGS=(\n-f compose.yaml\n-p shop\n)\ndocker compose $ARGS up',
    ]);
  });

  it('run each line apart, in the folder of the justfile or the one that it sets', async () => {
    const recipe = 'up:\n  cd deploy\n\n  docker compose up\n';
    const linesOf = async (text: string) =>
      (await justfile({ path: '/repo/justfile', text, root: '/repo' }))
        .filter(({ shell }) => shell)
        .map(
          ({ shell, line, folders }) =>
            `${line}: ${shell} in ${folders.map((one) => path.relative('/repo', one) || '.')}`,
        );
    assert.deepEqual(await linesOf(recipe), ['2: cd deploy in .', '4: docker compose up in .']);
    assert.deepEqual(await linesOf(`${recipe}set working-directory := 'deploy'\n`), [
      '2: cd deploy in deploy',
      '4: docker compose up in deploy',
    ]);
  });
});
