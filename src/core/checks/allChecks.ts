import { appendedList } from './across/appendedList';
import { resetWithoutEffect } from './across/resetWithoutEffect';
import { sameContainerName } from './across/sameContainerName';
import { samePort } from './across/samePort';
import type { Check } from './check';
import { obsoleteVersion } from './obsoleteVersion';
import { told } from './told';

/** Every check that goes by files alone. */
export const ALL_CHECKS: readonly Check[] = [
  told,
  obsoleteVersion,
  samePort,
  sameContainerName,
  appendedList,
  resetWithoutEffect,
];
