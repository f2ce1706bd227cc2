import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { RunFolder, type RunRecord } from '../../../../src/core/runs/runFolder';
import { removeFolder, temporaryFolder } from '../../../support/temporary';

const RECORD: RunRecord = {
  id: '1',
  environment: 'test',
  project: 'shop-test',
  engine: 'unix:///var/run/docker.sock',
  host: 'here',
  process: 1,
  kept: false,
  removesVolumes: true,
  state: 'running',
};

describe('the folder of a test run', () => {
  let workspace: string;
  beforeEach(() => {
    workspace = temporaryFolder('runs');
  });
  afterEach(() => removeFolder(workspace));

  const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 8, 0, second));

  it('is called after its time, and is not for git; runs of one second have one each', async () => {
    const [first, second] = [await RunFolder.make(workspace, at(1)), await RunFolder.make(workspace, at(1))];
    assert.equal(first.path, path.join(workspace, '.berth/runs/2026-03-01T08-00-01'));
    assert.equal(second.path, `${first.path}-2`);
    assert.equal(fs.readFileSync(path.join(workspace, '.berth/.gitignore'), 'utf8'), '*\n');
  });

  it('leaves alone what somebody has written into .berth/.gitignore', async () => {
    fs.mkdirSync(path.join(workspace, '.berth'));
    fs.writeFileSync(path.join(workspace, '.berth/.gitignore'), 'runs\n');
    await RunFolder.make(workspace, at(1));
    assert.equal(fs.readFileSync(path.join(workspace, '.berth/.gitignore'), 'utf8'), 'runs\n');
  });

  it('is removed when the run is over, unless there is more in it than notes', async () => {
    const folder = await RunFolder.make(workspace, at(1));
    await folder.note(RECORD);
    await folder.write('berth-run.yaml', '{}');
    assert.equal(await folder.isWorthKeeping(), false);
    await folder.settle();
    assert.ok(!fs.existsSync(folder.path));

    const kept = await RunFolder.make(workspace, at(2));
    await kept.note(RECORD);
    await kept.write('logs/web.log', 'no\n');
    assert.equal(await kept.isWorthKeeping(), true);
    await kept.settle();
    assert.equal((await kept.record())?.state, 'over');
  });

  it('is found by what is noted in it; what is half-written says nothing', async () => {
    const [first, second] = [await RunFolder.make(workspace, at(2)), await RunFolder.make(workspace, at(1))];
    await first.note(RECORD);
    await second.note({ ...RECORD, id: '2' });
    await (await RunFolder.make(workspace, at(3))).write('run.json', '{"id":');
    assert.deepEqual(
      (await RunFolder.recorded(workspace)).map(({ record }) => record.id),
      ['2', '1'],
    );
    assert.deepEqual(await RunFolder.recorded(path.join(workspace, 'elsewhere')), []);
  });

  it('goes with the oldest when ten newer ones have come, but not while the run goes on', async () => {
    for (let second = 1; second <= 11; second++) {
      const folder = await RunFolder.make(workspace, at(second));
      await folder.note({ ...RECORD, state: second === 1 ? 'running' : 'over' });
    }
    await RunFolder.make(workspace, at(12));
    const names = fs.readdirSync(path.join(workspace, '.berth/runs')).map((name) => name.slice(-2));
    assert.deepEqual(names, ['01', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12']);
  });
});
