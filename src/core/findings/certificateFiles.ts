import { createPrivateKey, X509Certificate } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { CertificateFile } from '../checks/live/liveCheck';
import { list, record, text } from '../common/json';

/** Names of files that hold certificates or keys. */
const PEM = /\.(?:pem|crt|cer|key)$/i;
/** The same, with stores of other forms. */
const HOLDS_CERTIFICATES = /\.(?:pem|crt|cer|key|p12|pfx|jks|der|p7b)$/i;
/** Collections of the authorities that are trusted, which hold expired ones as well. */
const BUNDLE = /^(?:ca-?bundle|ca-?certificates|cacerts?|tls-ca-bundle)\b/i;
/** A file larger than this, in bytes, is no certificate of somebody's own. */
const LARGEST = 100_000;
/** A folder with more such files is a collection. */
const MOST_FILES = 50;

/** A file or folder of this machine that is mounted at a path in a container. */
interface Mount {
  readonly source: string;
  readonly target: string;
  readonly isReadOnly: boolean;
}

/** Folders that are for certificates, by their names. */
const FOR_CERTIFICATES = /^(?:certs?|certificates?|ssl|tls)$/i;

/** The files and folders of this machine that any service of a project may write to. @param services as `docker compose config` has them. */
function writableSources(services: unknown): readonly string[] {
  return Object.values(record(services))
    .flatMap((service) => mountsOf(record(service), {}))
    .flatMap(({ source, isReadOnly }) => (isReadOnly ? [] : [source]));
}

/**
 * The certificates that a service is given, with their keys: files that are mounted, those in folders that are, and those there that its
 * command or variables name. Only the certificate's dates and whether the key is its own are told of what is in them.
 * @param service a service as `docker compose config` has it.
 * @param config all that Compose says of the project: its secrets and configs have files, and what another service writes to, it may fill.
 */
export async function certificateFiles(
  name: string,
  service: Readonly<Record<string, unknown>>,
  config: Readonly<Record<string, unknown>>,
): Promise<readonly CertificateFile[]> {
  const mounts = mountsOf(service, config);
  const writable = writableSources(config.services);
  const mayBeMade = (file: string) => writable.some((source) => `${file}/`.startsWith(`${source}/`));
  const found = (await Promise.all(mounts.map(filesAt))).flat();
  const named = namedFiles(service, mounts).filter((file) => !found.includes(file) && !mayBeMade(file));
  // In the place of a file that is mounted itself, Docker makes a folder: only who has a folder around it may make it.
  const single = mounts.filter(isOneFile).map(({ source }) => source);
  const alone = single.filter((file) => !writable.some((source) => file.startsWith(`${source}/`)));
  const missing = await Promise.all(
    [...new Set([...named, ...alone])].map(async (file) => ((await isMissing(file)) ? [file] : [])),
  );
  const empty =
    missing.flat().length > 0
      ? []
      : await Promise.all(mounts.filter(({ source }) => !mayBeMade(source)).map(emptyFolder));
  const texts = new Map(
    (await Promise.all([...new Set(found)].map(async (file) => [file, await contentsOf(file)] as const))).filter(
      ([, contents]) => contents !== '',
    ),
  );
  const certificates = [...texts].flatMap(([file, contents]) => certificateOf(file, contents, name, texts));
  return [
    ...certificates.map((one) => ({ ...one, ...(mayBeMade(one.file) ? { mayBeMade: true as const } : {}) })),
    ...missing.flat().map((file): CertificateFile => ({ file, service: name, missing: 'file' })),
    ...empty.flat().map((file): CertificateFile => ({ file, service: name, missing: 'all-of-folder' })),
  ];
}

function mountsOf(
  service: Readonly<Record<string, unknown>>,
  config: Readonly<Record<string, unknown>>,
): readonly Mount[] {
  const binds = list(service.volumes)
    .map(record)
    .filter(({ type }) => type === 'bind')
    .map(({ source, target, read_only: isReadOnly }) => {
      return { source: text(source), target: text(target), isReadOnly: isReadOnly === true };
    });
  const given = (['secrets', 'configs'] as const).flatMap((kind) =>
    list(service[kind])
      .map(record)
      .map(({ source, target }) => {
        const { file } = record(record(config[kind])[text(source)]);
        return { source: text(file), target: text(target), isReadOnly: true };
      }),
  );
  return [...binds, ...given].filter(({ source }) => path.isAbsolute(source));
}

/** Whether what is mounted is one certificate or key, by its name. */
function isOneFile({ source, target }: Mount): boolean {
  return PEM.test(source) || PEM.test(target);
}

/** The files that may hold certificates or keys: the file itself, or those in a folder. */
async function filesAt(mount: Mount): Promise<readonly string[]> {
  const { source } = mount;
  if (isOneFile(mount)) return [source];
  const names = (await fs.readdir(source).catch((): string[] => [])).filter((name) => PEM.test(name));
  return names.length > MOST_FILES ? [] : names.map((name) => path.join(source, name));
}

/** A folder for certificates that has none, or is not there, nor folders in which there could be some. */
async function emptyFolder({ source }: Mount): Promise<readonly string[]> {
  if (!FOR_CERTIFICATES.test(path.basename(source))) return [];
  const entries = await fs
    .readdir(source, { withFileTypes: true })
    .catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : undefined));
  return entries?.every((entry) => entry.isFile() && !HOLDS_CERTIFICATES.test(entry.name)) ? [source] : [];
}

/** The files in mounted folders that the service's own command or variables name, by their paths on this machine. */
function namedFiles(
  { command, entrypoint, environment, working_dir: workingDirectory }: Readonly<Record<string, unknown>>,
  mounts: readonly Mount[],
): readonly string[] {
  const wordsOf = (...texts: readonly unknown[]) =>
    texts
      .flat()
      .flatMap((one) => text(one).split(/[\s=,;:"']+/))
      .filter((word) => word !== '');
  const ofCommand = wordsOf(entrypoint, command);
  const folder = text(workingDirectory);
  // Where it goes elsewhere first, what is relative is not known.
  const isRelative = folder.startsWith('/') && !ofCommand.includes('cd');
  const words = [
    ...ofCommand.map((word) => (isRelative ? path.posix.resolve(folder, word) : word)),
    ...wordsOf(Object.values(record(environment))),
  ].filter((word) => word.startsWith('/') && PEM.test(word));
  const files = words.flatMap((word) =>
    mounts
      .filter(({ target }) => word.startsWith(`${target.replace(/\/$/, '')}/`))
      .map(({ source, target }) => path.join(source, path.posix.relative(target, word))),
  );
  return [...new Set(files)];
}

/** Of what nobody may look at, it is not known. */
async function isMissing(file: string): Promise<boolean> {
  return fs.stat(file).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );
}

/** Empty where it can't be read, or is none. */
async function contentsOf(file: string): Promise<string> {
  const stat = await fs.stat(file).catch(() => undefined);
  if (!stat?.isFile() || stat.size > LARGEST || BUNDLE.test(path.basename(file))) return '';
  return fs.readFile(file, 'utf8').catch(() => '');
}

function certificateOf(
  file: string,
  contents: string,
  service: string,
  texts: ReadonlyMap<string, string>,
): readonly CertificateFile[] {
  if (!contents.includes('BEGIN CERTIFICATE')) return [];
  try {
    // Of a chain, the first one is the server's own.
    const certificate = new X509Certificate(contents);
    const validTo = Date.parse(certificate.validTo);
    const key = keyNames(file).find((one) => texts.get(one)?.includes('PRIVATE KEY'));
    if (key === undefined) return [{ file, service, validTo }];
    return [{ file, service, validTo, key, isOfKey: isOfKey(certificate, texts.get(key) ?? '') }];
  } catch {
    return [];
  }
}

/** Undefined of a key that is itself locked. */
function isOfKey(certificate: X509Certificate, key: string): boolean | undefined {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return undefined;
  }
}

/** What the key of a certificate is called, by the customs of openssl, mkcert, certbot and Kubernetes. */
function keyNames(file: string): readonly string[] {
  const { dir, name, ext } = path.parse(file);
  const stem = name.replace(/[.-]?(?:cert|crt|fullchain)$/i, '');
  const names = [
    name + ext,
    name.replace(/cert(?:ificate)?|crt/i, 'key') + ext,
    `${name}.key`,
    `${name}-key${ext}`,
    `${name}.key${ext}`,
    ...(stem === '' ? ['key.pem', 'privkey.pem'] : [`${stem}.key`, `${stem}-key${ext}`, `${stem}.key${ext}`]),
  ];
  return [...new Set(names)].map((one) => path.join(dir, one));
}
