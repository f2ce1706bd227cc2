import assert from 'node:assert/strict';
import { taskValues } from '../../../../src/extension/tasks/taskValues';
import { environment, service } from '../../cli/examples';

const knowledge = {
  evidence: [],
  problems: [],
  commands: [
    { name: 'unit', kind: 'test' as const, command: ['pytest', '--token=hush'], service: 'api' },
    { name: '-odd', kind: 'task' as const, command: ['true'] },
  ],
};
const dev = environment('dev', { services: [service('web'), service('db')] });
const plain = environment('test', { services: [service('api')] });
const test = { ...plain, definition: { ...plain.definition, knowledge } };

/** What can stand where a text has a `|`, and the text that it takes the place of. */
async function at(
  marked: string,
): Promise<{ readonly values: readonly string[]; readonly replaces: string } | undefined> {
  const text = marked.replace('|', '');
  const found = await taskValues(text, marked.indexOf('|'), [dev, test]);
  return found && { values: found.values.map(({ value }) => value), replaces: text.slice(found.start, found.end) };
}
const tasks = (task: string) => `{ // tasks\n  "version": "2.0.0",\n  "tasks": [{ "type": "npm" }, { ${task} }],\n}`;

describe('what can stand in tasks.json', () => {
  it('is every environment, in quotes and without', async () => {
    const values = ['dev', 'test'];
    assert.deepEqual(await at(tasks('"type": "berth", "environment": "de|v"')), { values, replaces: '"dev"' });
    assert.deepEqual(await at(tasks('"type": "berth", "environment": "|"')), { values, replaces: '""' });
    assert.deepEqual(await at(tasks('"type": "berth", "environment": |')), { values, replaces: '' });
    assert.deepEqual(await at(tasks('"environment": "|", "type": "berth"')), { values, replaces: '""' });
  });

  it('is what the environment beside it has: its commands, and its services', async () => {
    const task = '"type": "berth", "environment": "test"';
    assert.deepEqual(await at(tasks(`${task}, "command": "|"`)), { values: ['unit'], replaces: '""' });
    assert.deepEqual(await at(tasks(`"command": |, ${task}`)), { values: ['unit'], replaces: '' });
    assert.deepEqual(await at(tasks(`${task}, "services": ["a|"]`)), { values: ['api'], replaces: '"a"' });
    assert.deepEqual(await at(tasks(`${task}, "services": [|]`)), { values: ['api'], replaces: '' });
    assert.deepEqual((await at(tasks(`${task}, "services": ["web", |]`)))?.values, ['api']);
    assert.deepEqual((await at(tasks('"type": "berth", "environment": "tset", "command": "|"')))?.values, []);
  });

  it('is told without the words of a command: secrets may be among them', async () => {
    const text = tasks('"type": "berth", "environment": "test", "command": ""');
    const found = await taskValues(text, text.lastIndexOf('""') + 1, [dev, test]);
    assert.deepEqual(found?.values, [{ value: 'unit', detail: 'tests · in api' }]);
  });

  it('is the same in the file of a workspace', async () => {
    const text = `{ "folders": [], "tasks": ${tasks('"type": "berth", "environment": "|"')} }`;
    assert.deepEqual((await at(text))?.values, ['dev', 'test']);
  });

  it('is nothing of tasks that are no ones of Berth, nor elsewhere', async () => {
    assert.equal(await at(tasks('"type": "npm", "environment": "|"')), undefined);
    assert.equal(await at(tasks('"type": "berth", "|"')), undefined);
    assert.equal(await at(tasks('"type": "berth", "services": "|"')), undefined);
    assert.equal(await at('{ "environment": "|" }'), undefined);
    assert.equal(await at('|'), undefined);
    assert.deepEqual((await at(tasks('"type": "berth", "label": "|"')))?.values, []);
  });
});
