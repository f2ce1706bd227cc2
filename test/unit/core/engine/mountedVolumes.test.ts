import assert from 'node:assert/strict';
import { mountedVolumes } from '../../../../src/core/engine/mountedVolumes';

/** Names as the engine makes them. */
const [OWN, THEIRS, BOUND] = ['a', 'b', 'c'].map((digit) => digit.repeat(64));

const volume = (Name: string | undefined, Destination: string) => ({ Type: 'volume', Name, Destination });

describe('the volumes of a container', () => {
  const Mounts = [
    volume(OWN, '/own'),
    volume(THEIRS, '/theirs'),
    volume(BOUND, '/bound'),
    volume('shop_data', '/data'),
    { Type: 'tmpfs', Destination: '/tmp' },
  ];

  it('have names where the container was told to mount them, whatever these look like', () => {
    const HostConfig = {
      Binds: [`${BOUND}:/bound:rw`, '/etc:/etc'],
      Mounts: [
        { Type: 'volume', Source: THEIRS, Target: '/theirs' },
        { Type: 'volume', Target: '/own' },
      ],
    };
    assert.deepEqual(mountedVolumes({ Mounts, HostConfig }), { named: [THEIRS, BOUND, 'shop_data'], nameless: [OWN] });
  });

  it('may be those of another one that it has volumes from', () => {
    const HostConfig = { Binds: null, VolumesFrom: ['other'] };
    assert.deepEqual(mountedVolumes({ Mounts, HostConfig }), { named: ['shop_data'], nameless: [] });
  });
});
