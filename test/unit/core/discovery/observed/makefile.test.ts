import assert from 'node:assert/strict';
import path from 'node:path';
import { readMakefile } from '../../../../../src/core/discovery/observed/makefile';
import { OPEN, UNKNOWN } from '../../../../../src/core/discovery/observed/shellWords';

/** `up: docker compose up` for each line that runs Compose, among others, with `?` for what is not known. */
async function commandsOf(makefile: string): Promise<string[]> {
  const all = await readMakefile('/repo/Makefile', makefile);
  const lines = all.filter(({ shell }) => shell.includes('compose'));
  return lines.map(({ target, shell }) => `${target}: ${shell.replaceAll(UNKNOWN, '?').replaceAll(OPEN, '?')}`);
}

describe('the recipes of a makefile', () => {
  it('have what is added to a variable that is filled in once filled in, too', async () => {
    const text =
      'ENV = dev\nDC := docker compose -f base.yml\nDC += -f extra-$(ENV).yml\nENV = test\nup:\n\t$(DC) up\n';
    assert.deepEqual(await commandsOf(text), ['up: docker compose -f base.yml -f extra-dev.yml up']);
  });

  it('have words picked and changed by patterns that they fit from their beginning to their end', async () => {
    const text =
      'up:\n\tdocker compose $(filter a%a,a aa aba) $(patsubst a%a,<%>,a aa aba) $(patsubst a%,%$$$$,ab) $(X:c=d) up\nX=abc\n';
    assert.deepEqual(await commandsOf(text), ['up: docker compose aa aba a <> <b> b$$ abd up']);
  });

  it('are read however long a chain of targets is, each of which needs the next', async () => {
    const chain = Array.from({ length: 5_000 }, (_, index) => `t${index}: t${index + 1}\n`).join('');
    const text = `t0: ENV = test\n${chain}t2:\n\tdocker compose -f $(ENV).yml up\n`;
    assert.deepEqual(await commandsOf(text), ['t2: docker compose -f ?.yml up', 't0: docker compose -f test.yml up']);
  });

  it('have variables whose names, and what is changed in them, are variables themselves', async () => {
    const text =
      'FILE_dev = a.yml\nEND = .yml\nup-dev:\n\tdocker compose -f $(FILE_$(@:up-%=%)) -f $(FILE_dev:$(END)=.ci$(END)) up\n';
    assert.deepEqual(await commandsOf(text), ['up-dev: docker compose -f a.yml -f a.ci.yml up']);
  });

  it('are read after a variable of several lines that ends with a remark', async () => {
    const text = 'define UP\ndocker compose up\nendef # UP\nup:\n\t$(UP)\n';
    assert.deepEqual(await commandsOf(text), ['up: docker compose up']);
  });

  it('are all read where many give an env file, each with what is made before', async () => {
    const lines = Array.from(
      { length: 1_200 },
      (_, index) => `\tdocker compose --env-file .env.prod -f c${index}.yml up\n`,
    );
    const all = await readMakefile(
      '/repo/Makefile',
      `up: .env.prod\n\tcp .env.example .env.test\n${lines.join('')}.env.prod:\n\t./make-env\n`,
    );
    const found = all.filter(({ shell }) => shell.includes('compose'));
    assert.equal(found.length, 1_200);
    for (const { provided } of found) assert.deepEqual(provided, ['/repo/up', '/repo/.env.prod']);
  });

  it('are given all variables where the makefile exports all', async () => {
    const text = 'COMPOSE_FILE = a.yml\nup:\n\tdocker compose up\n';
    const filesOf = async (makefile: string) =>
      (await readMakefile('/repo/Makefile', makefile)).map(({ variables }) => variables.COMPOSE_FILE);
    assert.deepEqual(await filesOf(`.EXPORT_ALL_VARIABLES:\n${text}`), ['a.yml']);
    assert.deepEqual(await filesOf(text), [undefined]);
  });

  it('run make as a shell reads it: what is quoted, in conditions and in loops', async () => {
    const text = `up:
	docker compose $(FILES) $(ARGS) up
more:
	$(MAKE) up FILES="-f a.yml -f b.yml"
waiting:
	@ARGS='--wait -d' $(MAKE) up && echo done
asked:
	if [ -f .env ]; then $(MAKE) up ARGS=-d; fi
each:
	for one in a b; do $(MAKE) up FILES="-f $$one.yml"; done
elsewhere:
	(cd sub && $(MAKE) up FILES=none)
`;
    assert.deepEqual(await commandsOf(text), [
      'up: docker compose ? ? up',
      'more: docker compose -f a.yml -f b.yml ? up',
      'waiting: docker compose ? --wait -d up',
      'asked: docker compose ? -d up',
      'each: docker compose -f a.yml ? up',
      'each: docker compose -f b.yml ? up',
    ]);
  });

  it('are found on both ways that what only running something would decide may go', async () => {
    const text = `DC = docker compose
ifeq ($(shell uname),Darwin)
F = -f mac.yml
else ifeq (a,a)
F = -f other.yml
endif
ifneq (,$(shell which docker-compose))
DC = docker-compose
endif
up:
	$(DC) -f base.yml $(F) up
down:
	docker compose $(if $(shell which nvidia-smi),-f gpu.yml,-f cpu.yml) down
ps list:
	docker compose ps
`;
    assert.deepEqual(await commandsOf(text), [
      'up: docker compose -f base.yml -f other.yml up',
      'down: docker compose -f cpu.yml down',
      'ps: docker compose ps',
      'list: docker compose ps',
      'up: docker-compose -f base.yml -f mac.yml up',
      'down: docker compose -f gpu.yml down',
    ]);
  });

  it('know the targets that make is called for, on which conditions outside of recipes may go both ways', async () => {
    const text = `ifeq ($(filter test,$(MAKECMDGOALS)),test)
F = -f test.yml
endif
P = $(if $(filter ci,$(MAKECMDGOALS)),-p ci)
run:
	docker compose $(P) run db $(filter-out $@,$(MAKECMDGOALS))
ci: P += -p more
ci: run
test:
	docker compose -f base.yml $(F) up
`;
    assert.deepEqual(await commandsOf(text), [
      'run: docker compose  run db ',
      'test: docker compose -f base.yml ? up',
      'ci: docker compose -p ci -p more run db ci',
      'test: docker compose -f base.yml -f test.yml up',
    ]);
  });

  it('are told of no folder outside of the workspace folder', async () => {
    const text = `up:
	docker compose $(wildcard ../../etc/host* /etc/host* ../../repo-2/* //machine/share/*) $(wildcard ../*.yml) up
`;
    const looked: string[] = [];
    const onFile = (file: string) => void looked.push(path.basename(file));
    await readMakefile('/repo/sub/Makefile', text, { root: '/repo', onFile });
    assert.deepEqual([...new Set(looked)], ['*.yml']);
  });
});
