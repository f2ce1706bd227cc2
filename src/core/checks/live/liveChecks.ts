import type { FindingCode } from '../../model/findingCodes';
import { certificates } from './certificates';
import { dataFolderOwner } from './dataFolderOwner';
import { engineState } from './engineState';
import { images } from './images';
import type { LiveCheck } from './liveCheck';
import { missingAddress } from './missingAddress';
import { missingResources } from './missingResources';
import { nameTaken } from './nameTaken';
import { notIsolated } from './notIsolated';
import { pendingMigrations } from './pendingMigrations';
import { portTaken } from './portTaken';
import { composeTooOld, engineTooOld } from './tooOld';

/** Every check that asks the engine or the machine. */
export const LIVE_CHECKS: readonly LiveCheck[] = [
  engineState,
  composeTooOld,
  engineTooOld,
  portTaken,
  missingAddress,
  nameTaken,
  missingResources,
  images,
  certificates,
  notIsolated,
  dataFolderOwner,
  pendingMigrations,
];

/** The codes of all of them. */
export const LIVE_CODES: readonly FindingCode[] = LIVE_CHECKS.flatMap(({ codes }) => codes);
