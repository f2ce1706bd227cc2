import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Finding } from '../../model/finding';
import { findingOf } from '../check';
import { placesOfGiven } from '../mounts';
import type { CertificateFile, LiveCheck, LiveEnvironment } from './liveCheck';

/** So long before it ends, a certificate is told of, in milliseconds. */
const SOON = 30 * 24 * 60 * 60 * 1000;

/** Certificates and keys that an environment has mounted: missing, not of each other, expired or about to. */
export const certificates: LiveCheck = {
  codes: ['certificate-missing', 'certificate-mismatch', 'certificate-expired'],
  *find({ live, now }) {
    for (const environment of live) {
      for (const certificate of environment.certificates) yield* troubleOf(certificate, environment, now);
    }
  },
};

function* troubleOf(
  { file, service, missing, mayBeMade, validTo, key, isOfKey }: CertificateFile,
  { checked }: LiveEnvironment,
  now: number,
): Iterable<Finding> {
  const at = { service, places: placesOfGiven(checked, service, file) };
  const again = l10n.t(
    'Make certificate and key anew, together; for development, "mkcert" or "openssl req -x509" does.',
  );
  if (missing === 'file') {
    const message = l10n.t('{0}, which service "{1}" is given, is not there.', file, service);
    yield findingOf('certificate-missing', [checked], { message, remedy: again, ...at });
  }
  if (missing === 'all-of-folder') {
    const message = l10n.t('No certificate is in {0}, which service "{1}" is given.', file, service);
    // Only the name of the folder says that there are to be some.
    yield findingOf('certificate-missing', [checked], { severity: 'warning', message, remedy: again, ...at });
  }
  if (key !== undefined && isOfKey === false) {
    yield findingOf('certificate-mismatch', [checked], {
      message: l10n.t('The key {0} is not that of the certificate {1}.', path.basename(key), file),
      remedy: again,
      ...at,
    });
  }
  if (validTo === undefined || validTo - now >= SOON) return;
  const date = new Date(validTo).toISOString().slice(0, 10);
  yield findingOf('certificate-expired', [checked], {
    ...(validTo < now && !mayBeMade ? {} : { severity: 'warning' }),
    message:
      validTo < now
        ? l10n.t('The certificate {0} has expired on {1}.', file, date)
        : l10n.t('The certificate {0} expires on {1}.', file, date),
    remedy: again,
    ...at,
  });
}
