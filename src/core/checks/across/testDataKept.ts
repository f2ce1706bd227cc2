import * as l10n from '@vscode/l10n';
import { type Check, findingOf } from '../check';
import { placesOf } from '../written';
import { inMemoryFixes } from './inMemory';
import { beginsEmpty, keptData, placeText } from './keptData';
import { quoted } from './names';

/** A data store of tests whose data stays: the next run finds what the last one has left. */
export const testDataKept: Check = {
  codes: ['test-data-kept'],
  *find({ environments }) {
    for (const environment of environments) {
      // What is removed after each run, or is on a machine that is, keeps nothing.
      if (!beginsEmpty(environment) || environment.isOnCiOnly || environment.definition.ephemeral) continue;
      for (const data of keptData(environment)) {
        if (data.place !== 'volume' && data.place !== 'folder') continue;
        yield findingOf('test-data-kept', [environment], {
          message: l10n.t(
            '"{0}" of {1} keeps its data in {2}: tests find what the run before them has left.',
            data.service,
            quoted(environment),
            placeText(data, environment),
          ),
          remedy: l10n.t(
            'Keep it in memory (tmpfs), or remove the volumes after each run, as "berth test" does with its own.',
          ),
          service: data.service,
          places: placesOf(environment, ['services', data.service, 'volumes']),
          fixes: inMemoryFixes(
            environment,
            data,
            environments.filter((other) => other !== environment && !beginsEmpty(other)),
          ),
        });
      }
    }
  },
};
