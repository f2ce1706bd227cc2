import * as l10n from '@vscode/l10n';
import { sizeText } from '../../model/belongings';
import { findingOf } from '../check';
import type { LiveCheck } from './liveCheck';

/** So much room is needed at least for images of some size, and for what is written meanwhile, in bytes. */
const LITTLE_ROOM = 2 * 1024 ** 3;

/** Engines that do not answer, and such as have little room left. */
export const engineState: LiveCheck = {
  codes: ['engine-unreachable', 'low-disk'],
  *find({ live }) {
    for (const { checked, unreachable, engine } of live) {
      if (unreachable) {
        const { remedy = l10n.t('See whether "docker info" works in a terminal.') } = unreachable.details;
        yield findingOf('engine-unreachable', [checked], { message: unreachable.message, remedy });
      }
      if (engine.freeSpace !== undefined && engine.freeSpace < LITTLE_ROOM) {
        yield findingOf('low-disk', [checked], {
          message: l10n.t('On the disk of the Docker engine, {0} are left.', sizeText(engine.freeSpace)),
          remedy: l10n.t(
            '"docker system df" tells what takes the room; "docker system prune" removes what nobody uses.',
          ),
        });
      }
    }
  },
};
