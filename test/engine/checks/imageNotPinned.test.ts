import { describeCase } from '../support/checkCases';

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
      'compose.yaml': `services:\n  a: { image: "mailhog/mailhog:v1.0.1" }\n  b: { image: "b@sha256:${'0'.repeat(64)}" }\n  c: { image: "registry:5000/c:1" }\n  d: { image: "\${IMAGE:-d}" }\n  e: { image: "e:\${TAG:-latest}" }\n`,
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
  about: 'in production it is hardly meant',
  code: 'image-not-pinned',
  has: {
    'compose.yaml': 'services:\n  web:\n    image: nginx\n',
    'compose.prod.yaml': 'services:\n  web:\n    restart: always\n',
  },
  found: ['warning image-not-pinned compose.yaml:3 (dev, prod)'],
});
