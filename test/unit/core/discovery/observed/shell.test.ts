import assert from 'node:assert/strict';
import { invocationOf } from '../../../../../src/core/discovery/observed/invocation';
import { readShell } from '../../../../../src/core/discovery/observed/shell';

/** What a script in `/repo/scripts/up-dev.sh` runs of Compose: `/repo: a.yml b.yml up -d`, `?` for what is not known. */
async function runs(script: string): Promise<string[]> {
  const commands = await readShell(script, { folder: '/repo', script: '/repo/scripts/up-dev.sh', root: '/repo' });
  return commands.flatMap((command) => {
    const found = invocationOf(command);
    if (!found) return [];
    const { folder, files, unknown, verb = '?', args } = found;
    const named = [...files.map((file) => file.replace(/^\/repo\//, '')), ...unknown.map((option) => `${option} ?`)];
    return [`${folder}: ${[...named, verb, ...args].join(' ')}`];
  });
}

describe('what a shell script runs of Compose', () => {
  const cases: readonly [title: string, script: string, expected: readonly string[]][] = [
    [
      'with a text that a loop adds to',
      'for f in a.yml b.yml; do ARGS="$ARGS -f $f"; done\ndocker compose $ARGS up',
      ['/repo: a.yml b.yml up'],
    ],
    [
      'with a list that a loop adds to',
      `for f in a b; do ARGS+=(-f "$f.yml"); done\ndocker compose "\${ARGS[@]}" up`,
      ['/repo: a.yml b.yml up'],
    ],
    [
      'each time through a loop',
      'for f in a b; do docker compose -f $f.yml up; done',
      ['/repo: a.yml up', '/repo: b.yml up'],
    ],
    [
      'on the way through many tests in a loop on which none is so, among others',
      'N=; for i in 1 2 3 4; do if [ "$1" ]; then N=$N$i; fi; done\ndocker compose -f a$N.yml up',
      ['1234', '123', '124', '12', '134', '13', '14', '1', '234', '23', '24', ''].map((n) => `/repo: a${n}.yml up`),
    ],
    [
      'with what somebody selects',
      'select f in a b; do break; done\ndocker compose -f $f.yml up',
      ['/repo: a.yml up', '/repo: b.yml up'],
    ],
    [
      'in a function that takes its first argument away',
      'dc() { local file=$1; shift; docker compose -f "$file" "$@"; }\ndc staging.yml up -d',
      ['/repo: staging.yml up -d'],
    ],
    [
      'with arguments that the script gives itself',
      'set -- -f a.yml\n[ "$X" ] && set -e -- "$@" -f b.yml\ndocker compose "$@" up',
      ['/repo: a.yml up', '/repo: a.yml b.yml up'],
    ],
    [
      'in the folders that it goes back to',
      'cd a; cd -; docker compose up\npushd b; pushd c; popd; docker compose up; popd; docker compose up; popd',
      ['/repo: up', '/repo/b: up', '/repo: up'],
    ],
    [
      'in a script that a program is given by another one',
      `sudo bash -c "docker compose -f a.yml up"\ntimeout -k 5 60 env -u X A=b sh -ec 'docker compose -f b.yml up'`,
      ['/repo: a.yml up', '/repo: b.yml up'],
    ],
    [
      'behind a program with arguments like those that only talk',
      'doppler run --config test -- docker compose -f a.yml up\nX=1 sudo -u me echo docker compose up\nretry ssh far docker compose up\nsudo cat docker compose up',
      ['/repo: a.yml up'],
    ],
    [
      'with some of a list',
      `F=(a.yml b.yml)\ndocker compose -f "\${F[0]}" -f "\${F[1]}" up\ndocker compose -f "\${F[$1]}" up\ndocker compose "\${F[@]/#/-f}" up\ndocker compose "\${F[@]:0:2}" up`,
      ['/repo: a.yml b.yml up', '/repo: -f ? up', '/repo: $(…) ? up', '/repo: $(…) ? up'],
    ],
    [
      'with a file out of a list by names',
      `declare -A F=([test]=a.yml [dev]=b.yml)\ndocker compose -f "\${F[$1]}" up\nG[x]=a.yml\ndocker compose -f "\${G[x]}" up`,
      ['/repo: -f ? up', '/repo: -f ? up'],
    ],
    [
      'with its own name, and what there may be in a list',
      `docker compose -f $(basename "$0" .sh).yml -f "$(dirname "\${BASH_SOURCE[0]}")/b.yml" "\${A[@]}" up`,
      ['/repo: up-dev.yml scripts/b.yml up'],
    ],
    [
      'with a variable that is set where nobody does',
      `: "\${ENV:=dev}"\ndocker compose -f $ENV.yml up`,
      ['/repo: dev.yml up'],
    ],
    [
      'after a test that has a part for either case',
      '[ "$1" = test ] && F=test.yml || F=dev.yml\ndocker compose -f $F up',
      ['/repo: test.yml up', '/repo: dev.yml up'],
    ],
  ];
  for (const [title, script, expected] of cases) {
    it(title, async () => assert.deepEqual(await runs(script), expected));
  }
});

describe('the files that a shell script makes, or asks for', () => {
  /** From `/repo`. */
  const provided = async (script: string) => {
    const [command] = await readShell(`${script}\ndocker compose up`, { folder: '/repo', root: '/repo' });
    return [...(command?.provided ?? [])].map((file) => file.replace(/^\/repo\//, ''));
  };

  it('are those that copies, moves and links make, by name or in a folder', async () => {
    assert.deepEqual(await provided('touch a b'), ['a', 'b']);
    assert.deepEqual(await provided('mv .env.new .env'), ['.env', '.env/.env.new']);
    assert.deepEqual(await provided('ln -s x/.env .env.prod'), ['.env.prod', '.env.prod/.env']);
    assert.deepEqual(await provided('ln -s ../shared/.env.prod'), ['.env.prod']);
    assert.deepEqual(await provided('cp x/.env.prod'), []);
    assert.deepEqual(await provided('cp -f .env.prod /backup'), ['/backup', '/backup/.env.prod']);
    for (const option of ['-t /backup', '-ft /backup', '--target-directory /backup', '--target-directory=/backup']) {
      assert.deepEqual(await provided(`cp ${option} .env.prod x/a`), ['/backup/.env.prod', '/backup/a'], option);
    }
    assert.deepEqual(await provided('mv .env.prod x/a -t conf'), ['conf/.env.prod', 'conf/a']);
  });

  it('are those that something is written to, and not those that are read', async () => {
    assert.deepEqual(await provided('./make-env > .env\n./more >> .env.more'), ['.env', '.env.more']);
    assert.deepEqual(await provided('sort < .env.prod\nwhile read -r line; do :; done < .env.test'), []);
  });

  it('are those that it looks for', async () => {
    assert.deepEqual(await provided('[ -f .env ] || exit 1\ntest -s .env.prod'), ['.env', '.env.prod']);
  });
});
