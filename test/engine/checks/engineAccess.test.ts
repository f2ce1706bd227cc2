// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so are variables written in compose files.
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
  about: 'in production, in other places, forms and with its folder',
  code: 'docker-socket',
  has: {
    'compose.prod.yaml': [
      'services:',
      '  a: { image: "ci:1", volumes: ["/run/docker.sock:/run/docker.sock"] }',
      '  b: { image: "ci:1", volumes: ["${DOCKER_SOCK:-/var/run/docker.sock}:/var/run/docker.sock"] }',
      '  c: { image: "ci:1", volumes: ["/var/run:/var/run:ro"] }',
      '  d: { image: "ci:1", volumes: [{ type: bind, source: /run, target: /host/run }] }',
      '  e: { image: "ci:1", volumes: [{ type: bind, source: /var/run/docker.sock, target: /s }] }',
      '  f: { image: "ci:1", volumes: ["/var/run/:/vr:ro"] }',
      '  g: { image: "ci:1", volumes: ["/:/host"] }',
      '  h: { image: "ci:1", volumes: ["//var//run/../run/docker.sock/:/s"] }',
      '  i: { image: "ci:1", volumes: [{ type: bind, source: //./pipe/docker_engine, target: //./pipe/docker_engine }] }',
      '',
    ].join('\n'),
  },
  found: [2, 3, 4, 5, 6, 7, 8, 9, 10].map((line) => `warning docker-socket compose.prod.yaml:${line} (prod)`),
  nearly: [
    { 'compose.prod.yaml': 'services:\n  a: { image: "ci:1", volumes: ["/run/secrets:/run"], tmpfs: [/var/run] }\n' },
    {
      'compose.prod.yaml':
        'services:\n  a: { image: "ci:1", volumes: ["./run:/var/run", "run:/run"] }\nvolumes: { run: {} }\n',
    },
    { 'compose.yaml': 'services:\n  a: { image: "ci:1", volumes: ["/run:/run", "/:/host"] }\n' },
    {
      'compose.prod.yaml': 'services:\n  a: { image: "ci:1", volumes: ["/var/run/x/:/x", "/var:/v", "/etc/..x:/y"] }\n',
    },
  ],
});

describeCase({
  about: 'nearly, in production',
  code: 'privileged-service',
  has: {
    'compose.prod.yaml': [
      'services:',
      '  a: { image: "vpn:1", cap_add: [NET_ADMIN, SYS_ADMIN] }',
      '  b: { image: "vpn:1", cap_add: [ALL] }',
      '  c: { image: "vpn:1", pid: host }',
      '  d: { image: "vpn:1", pid: host, privileged: true }',
      '',
    ].join('\n'),
  },
  found: [
    'warning privileged-service compose.prod.yaml:2 (prod)',
    'warning privileged-service compose.prod.yaml:3 (prod)',
    'warning privileged-service compose.prod.yaml:5 (prod)',
    'info privileged-service compose.prod.yaml:4 (prod)',
  ],
  nearly: [
    { 'compose.prod.yaml': 'services:\n  a: { image: "vpn:1", cap_add: [NET_ADMIN, SYS_TIME], cap_drop: [ALL] }\n' },
    { 'compose.prod.yaml': 'services:\n  a: { image: "vpn:1", pid: "service:b" }\n  b: { image: "vpn:1" }\n' },
    {
      'compose.prod.yaml': 'services:\n  a: { image: "prom/node-exporter:v1.8.2", pid: host, cap_add: [SYS_ADMIN] }\n',
    },
    { 'compose.yaml': 'services:\n  a: { image: "vpn:1", pid: host, cap_add: [SYS_ADMIN] }\n' },
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
