import { describeCase } from '../support/checkCases';

const SOCKET = '/var/run/docker.sock:/var/run/docker.sock';

describeCase({
  about: 'in production',
  code: 'docker-socket',
  has: {
    'compose.prod.yaml': `services:\n  ci:\n    image: ci:1\n    volumes:\n      - cache:/cache\n      - ${SOCKET}:ro\n  proxy:\n    image: traefik:v3.1\n    volumes: ["${SOCKET}"]\nvolumes: { cache: {} }\n`,
  },
  found: ['warning docker-socket compose.prod.yaml:6 (prod)', 'info docker-socket compose.prod.yaml:9 (prod)'],
  nearly: [
    // Made for it, and what hands on only what others may have.
    { 'compose.yaml': `services:\n  proxy:\n    image: traefik:v3.1\n    volumes: ["${SOCKET}"]\n` },
    { 'compose.yaml': `services:\n  agent:\n    image: portainer/agent:2.21\n    volumes: ["${SOCKET}"]\n` },
    {
      'compose.prod.yaml': `services:\n  p:\n    image: tecnativa/docker-socket-proxy:0.3\n    volumes: ["${SOCKET}"]\n`,
    },
    { 'compose.prod.yaml': 'services:\n  db:\n    image: db:1\n    volumes: ["/var/run/postgresql/.s:/s"]\n' },
  ],
});

describeCase({
  about: 'where people work it is a hint',
  code: 'docker-socket',
  has: { 'compose.yaml': `services:\n  ci:\n    image: ci:1\n    volumes: ["${SOCKET}"]\n` },
  found: ['info docker-socket compose.yaml:4 (dev)'],
});

describeCase({
  about: 'in production, and elsewhere',
  code: 'privileged-service',
  has: {
    'compose.prod.yaml': 'services:\n  vpn:\n    image: vpn:1\n    privileged: true\n',
    'compose.dev.yaml': 'services:\n  vpn:\n    image: vpn:1\n    privileged: true\n',
  },
  found: ['warning privileged-service compose.prod.yaml:4 (prod)', 'info privileged-service compose.dev.yaml:4 (dev)'],
  nearly: [
    { 'compose.prod.yaml': 'services:\n  vpn:\n    image: vpn:1\n    privileged: false\n    cap_add: [NET_ADMIN]\n' },
    { 'compose.yaml': 'services:\n  dind:\n    image: docker:27-dind\n    privileged: true\n' },
  ],
});
