import type { Check } from './check';
import { obsoleteVersion } from './obsoleteVersion';
import { told } from './told';

/** Every check that goes by files alone. */
export const ALL_CHECKS: readonly Check[] = [told, obsoleteVersion];
