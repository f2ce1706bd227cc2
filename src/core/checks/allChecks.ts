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
import { envFileNotRead } from './envFileNotRead';
import { exampleVariables } from './exampleVariables';
import { imageNotPinned } from './imageNotPinned';
import { missingBindSource } from './missingBindSource';
import { missingEnvFile } from './missingEnvFile';
import { mountOfWrongKind } from './mountOfWrongKind';
import { obsoleteVersion } from './obsoleteVersion';
import { oneShotFailsWait } from './oneShotFailsWait';
import { portOfReplicas } from './portOfReplicas';
import { portOnAllInterfaces } from './portOnAllInterfaces';
import { productionLimits } from './productionLimits';
import { secretFiles } from './secretFiles';
import { secretInFile } from './secretInFile';
import { told } from './told';
import { unknownCode } from './unknownCode';
import { unknownKey } from './unknownKey';
import { unsetVariable } from './unsetVariable';

/** Every check that goes by files alone. */
export const ALL_CHECKS: readonly Check[] = [
  told,
  unknownKey,
  obsoleteVersion,
  unknownCode,
  dependencyNotAwaited,
  dependencyWithoutHealthCheck,
  brokenHealthCheck,
  oneShotFailsWait,
  portOnAllInterfaces,
  portOfReplicas,
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
  unsetVariable,
  missingEnvFile,
  exampleVariables,
  envFileNotRead,
  secretInFile,
  secretFiles,
];
