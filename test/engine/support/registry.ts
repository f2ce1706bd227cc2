import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Disposable } from '../../../src/core/common/disposable';

/** A registry on this machine, which an engine on it takes without TLS. It has one image, in which there is nothing. */
export interface Registry extends Disposable {
  /** The image's name, with the registry's address. */
  readonly image: string;
}

interface Blob {
  readonly type: string;
  readonly content: Buffer;
}

const TYPE = 'application/vnd.docker';

/** Source: the OCI Distribution Specification, "Pull". */
export async function startRegistry(): Promise<Registry> {
  // The end of an archive, and no file before that.
  const archive = Buffer.alloc(1024);
  const layer: Blob = { type: `${TYPE}.image.rootfs.diff.tar.gzip`, content: gzipSync(archive) };
  const config = jsonOf(`${TYPE}.container.image.v1+json`, {
    os: 'linux',
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    config: {},
    rootfs: { type: 'layers', diff_ids: [digestOf(archive)] },
  });
  const manifest = jsonOf(`${TYPE}.distribution.manifest.v2+json`, {
    schemaVersion: 2,
    mediaType: `${TYPE}.distribution.manifest.v2+json`,
    config: descriptorOf(config),
    layers: [descriptorOf(layer)],
  });
  const blobs = new Map([manifest, config, layer].map((one) => [digestOf(one.content), one]));
  const server = http.createServer(({ url = '', method }, response) => {
    const [, reference = ''] = /^\/v2\/berth\/empty\/(?:manifests|blobs)\/(.+)$/.exec(url) ?? [];
    const blob = reference === '1' ? manifest : blobs.get(reference);
    if (!blob) {
      const errors = [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }];
      response.writeHead(url === '/v2/' ? 200 : 404, { 'Content-Type': 'application/json' });
      response.end(url === '/v2/' ? '{}' : JSON.stringify({ errors }));
      return;
    }
    const { type, content } = blob;
    response.writeHead(200, {
      'Content-Type': type,
      'Content-Length': content.length,
      'Docker-Content-Digest': digestOf(content),
    });
    response.end(method === 'HEAD' ? undefined : content);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    image: `127.0.0.1:${port}/berth/empty:1`,
    dispose: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function jsonOf(type: string, content: unknown): Blob {
  return { type, content: Buffer.from(JSON.stringify(content)) };
}

function descriptorOf({ type, content }: Blob) {
  return { mediaType: type, size: content.length, digest: digestOf(content) };
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
