import assert from 'node:assert/strict';
import { markerFor } from '../../../../src/core/acceptance/storeMarker';

// PostgreSQL, MariaDB and Redis are tried themselves; MongoDB's server can't be had everywhere.
describe('the marker in a MongoDB', () => {
  it('is a collection of its own, whose name and value stand in no other command than they are to', () => {
    const { write, read, remove, shown } = markerFor('mongo', '0a1b');
    assert.equal(shown, 'kept_0a1b');
    assert.equal(write, 'db.berth_acceptance_0a1b.insertOne({ marker: "kept_0a1b" })\n');
    assert.equal(read, 'db.berth_acceptance_0a1b.find().forEach((one) => print(one.marker))\n');
    assert.equal(remove, 'db.berth_acceptance_0a1b.drop()\n');
  });
});

describe('the markers of stores', () => {
  it('are read by commands that do not hold what they show: a client may repeat its commands', () => {
    for (const kind of ['postgres', 'mysql', 'mongo', 'redis'] as const) {
      const { read, shown } = markerFor(kind, '0a1b');
      assert.ok(!read.includes(shown), kind);
    }
  });
});
