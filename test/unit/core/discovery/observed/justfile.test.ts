import assert from 'node:assert/strict';
import { justfile } from '../../../../../src/core/discovery/observed/sources/justfile';

/** The shell text of each recipe of a justfile. */
const shellsOf = async (text: string) =>
  (await justfile({ path: '/repo/justfile', text, root: '/repo' })).map(({ shell }) => shell.trimEnd());

describe('the recipes of a justfile', () => {
  it('have lines without what just takes from their beginning, unless they go on with the one before', async () => {
    const text = 'up:\n  @-docker compose \\\n    -f compose.yaml \\\n    -p shop \\\n    up -d\n  -docker ps\n';
    assert.deepEqual(await shellsOf(text), ['docker compose \\\n-f compose.yaml \\\n-p shop \\\nup -d\ndocker ps']);
  });

  it('are scripts as they stand where they name what runs them', async () => {
    const text = 'up:\n  #!/bin/bash\n  ARGS=(\n    -f compose.yaml\n    -p shop\n  )\n  docker compose $ARGS up\n';
    assert.deepEqual(await shellsOf(text), [
      '#!/bin/bash\nARGS=(\n-f compose.yaml\n-p shop\n)\ndocker compose $ARGS up',
    ]);
  });
});
