// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so are variables written in compose files.
import assert from 'node:assert/strict';
import { CheckedFolder, describeCase } from '../support/checkCases';

describeCase({
  about: 'images without a tag, and the latest ones',
  code: 'image-not-pinned',
  has: {
    'compose.yaml':
      'services:\n  a:\n    image: mailhog/mailhog\n  b: { image: "registry:5000/b:latest" }\n  c:\n    image: postgres\n    volumes: [data:/var/lib/postgresql/data]\nvolumes: { data: {} }\n',
  },
  found: [
    'warning image-not-pinned compose.yaml:6 (dev)',
    'info image-not-pinned compose.yaml:3 (dev)',
    'info image-not-pinned compose.yaml:4 (dev)',
  ],
  nearly: [
    {
      'compose.yaml': `services:\n  a: { image: "mailhog/mailhog:v1.0.1" }\n  b: { image: "b@sha256:${'0'.repeat(64)}" }\n  c: { image: "registry:5000/c:1" }\n  d: { image: "\${IMAGE}" }\n  e: { image: "e:\${TAG:-latest}" }\n  f: { image: "f:\${F:-2}" }\n  g: { image: "g:\${G:-1}" }\n`,
      '.env': 'IMAGE=d\nTAG=1.4\nG=latest\n',
    },
    {
      'compose.yaml':
        'services:\n  a: { image: shop, build: . }\n  b: { image: "shop:latest" }\n  c: { image: own, pull_policy: never }\n',
      Dockerfile: '',
    },
  ],
  isOffered: false,
});

describeCase({
  about: 'the latest one where a variable has no value',
  code: 'image-not-pinned',
  has: {
    'compose.yaml':
      'services:\n  a:\n    image: a:${TAG:-latest}\n  b:\n    image: ${IMAGE:-b}\n  db:\n    image: postgres:${TAG:-latest}\n    volumes: [data:/var/lib/postgresql/data]\nvolumes: { data: {} }\n',
    'compose.prod.yaml': 'services:\n  c:\n    image: c:${TAG:-latest}\n',
  },
  found: [
    'warning image-not-pinned compose.yaml:7 (dev, prod)',
    'info image-not-pinned compose.prod.yaml:3 (prod)',
    'info image-not-pinned compose.yaml:3 (dev, prod)',
    'info image-not-pinned compose.yaml:5 (dev, prod)',
  ],
  isOffered: false,
});

describeCase({
  about: 'in production it is hardly meant',
  code: 'image-not-pinned',
  has: {
    'compose.yaml': 'services:\n  web:\n    image: nginx\n',
    'compose.prod.yaml': 'services:\n  web:\n    restart: always\n',
  },
  found: ['warning image-not-pinned compose.yaml:3 (dev, prod)'],
});

describeCase({
  about: 'of a database that keeps its data, the name of the system is no version',
  code: 'image-not-pinned',
  has: {
    'compose.yaml':
      'services:\n  a:\n    image: postgres:bookworm\n    volumes: [data:/var/lib/postgresql/data]\n  b:\n    image: mongo:alpine3.20-slim\n    volumes: [data:/data/db]\nvolumes: { data: {} }\n',
  },
  found: ['warning image-not-pinned compose.yaml:3 (dev)', 'warning image-not-pinned compose.yaml:6 (dev)'],
  nearly: [
    {
      'compose.yaml':
        'services:\n  a: { image: "postgres:bookworm" }\n  b:\n    image: postgres:16-bookworm\n    volumes: [data:/var/lib/postgresql/data]\n  c: { image: "nginx:alpine", volumes: [data:/etc/nginx] }\nvolumes: { data: {} }\n',
    },
  ],
  isOffered: false,
});

describeCase({
  about: 'in production, what is there to do something once is a remark',
  code: 'image-not-pinned',
  has: {
    'compose.prod.yaml': [
      'services:',
      '  certbot: { image: certbot/certbot, restart: unless-stopped }',
      '  buckets: { image: "minio/mc:latest" }',
      '  backup: { image: "restic/restic", profiles: [tools] }',
      '  job: { image: example/job, restart: "no" }',
      '  metrics: { image: grafana/grafana, profiles: [monitoring], ports: ["3000:3000"] }',
      '  store: { image: postgres, restart: "no", volumes: ["data:/var/lib/postgresql/data"] }',
      'volumes: { data: {} }',
      '',
    ].join('\n'),
  },
  found: [
    'warning image-not-pinned compose.prod.yaml:6 (prod)',
    'warning image-not-pinned compose.prod.yaml:7 (prod)',
    'info image-not-pinned compose.prod.yaml:2 (prod)',
    'info image-not-pinned compose.prod.yaml:3 (prod)',
    'info image-not-pinned compose.prod.yaml:4 (prod)',
    'info image-not-pinned compose.prod.yaml:5 (prod)',
  ],
});

describeCase({
  about: 'that it is a remark is so while Compose refuses the files, too',
  code: 'image-not-pinned',
  has: {
    'compose.prod.yaml': [
      'services:',
      '  certbot: { image: certbot/certbot }',
      '  backup: { image: restic/restic, profiles: [tools] }',
      '  web: { image: nginx, env_file: missing.env }',
      '',
    ].join('\n'),
  },
  found: [
    'warning image-not-pinned compose.prod.yaml:4 (prod)',
    'info image-not-pinned compose.prod.yaml:2 (prod)',
    'info image-not-pinned compose.prod.yaml:3 (prod)',
  ],
});

describe('the variable that says the version of an image', () => {
  it('is the one at the end, and not that of the registry', async () => {
    const folder = new CheckedFolder({
      'compose.yaml':
        'services:\n  a:\n    image: ${REG:-ghcr.io}/x/app:${TAG:-latest}\n  b:\n    image: ${REG:-ghcr.io}/x/web\n',
    });
    try {
      const { findings } = await folder.check();
      assert.deepEqual(
        findings.filter(({ code }) => code === 'image-not-pinned').map(({ remedy }) => remedy),
        [
          'Name the version that you use as the default of TAG.',
          'Name the version that you use, such as ghcr.io/x/web:….',
        ],
      );
    } finally {
      folder.dispose();
    }
  });
});
