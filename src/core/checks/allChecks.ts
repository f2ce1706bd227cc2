import { appendedList } from './across/appendedList';
import { dataNotKept } from './across/dataNotKept';
import { resetWithoutEffect } from './across/resetWithoutEffect';
import { sameContainerName } from './across/sameContainerName';
import { sameNetwork } from './across/sameNetwork';
import { samePort } from './across/samePort';
import { sameProject } from './across/sameProject';
import { sameDataFolder, sameVolume } from './across/sharedData';
import { testDataKept } from './across/testDataKept';
import { brokenHealthCheck } from './brokenHealthCheck';
import type { Check } from './check';
import { dependencyNotAwaited } from './dependencyNotAwaited';
import { dependencyWithoutHealthCheck } from './dependencyWithoutHealthCheck';
import { engineAccess } from './engineAccess';
import { imageNotPinned } from './imageNotPinned';
import { missingBindSource } from './missingBindSource';
import { mountOfWrongKind } from './mountOfWrongKind';
import { obsoleteVersion } from './obsoleteVersion';
import { oneShotFailsWait } from './oneShotFailsWait';
import { portOnAllInterfaces } from './portOnAllInterfaces';
import { productionLimits } from './productionLimits';
import { told } from './told';
import { unknownKey } from './unknownKey';

/** Every check that goes by files alone. */
export const ALL_CHECKS: readonly Check[] = [
  told,
  unknownKey,
  obsoleteVersion,
  dependencyNotAwaited,
  dependencyWithoutHealthCheck,
  brokenHealthCheck,
  oneShotFailsWait,
  portOnAllInterfaces,
  imageNotPinned,
  missingBindSource,
  mountOfWrongKind,
  productionLimits,
  engineAccess,
  sameProject,
  samePort,
  sameContainerName,
  sameNetwork,
  sameVolume,
  sameDataFolder,
  appendedList,
  resetWithoutEffect,
  testDataKept,
  dataNotKept,
];
