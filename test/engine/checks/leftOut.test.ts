import { describeCase } from '../support/checkCases';

const ENVIRONMENTS = ['dev', 'test', 'ci'];
const LEFT_OUT = ['same-port', 'same-container-name', 'same-network', 'same-volume', 'same-data-folder'] as const;

/** What every one of the environments has, each in a project of its own. */
const file = (name: string) => `name: shop-${name}
services:
  db:
    image: postgres:16
    container_name: shop-db
    ports: ["8080:80"]
    volumes: ["./data:/var/lib/postgresql/data", "shared:/shared"]
volumes:
  shared:
    name: shop-shared
networks:
  default:
    name: shop-net
`;

const FILES = Object.fromEntries(ENVIRONMENTS.map((name) => [`compose.${name}.yaml`, file(name)]));

/** @param off codes that are left out for `dev`. */
const declared = (off: readonly string[] = []) =>
  `environments:\n${ENVIRONMENTS.map((name) => {
    const levels =
      name === 'dev' && off.length > 0 ? `, checks: { ${off.map((code) => `${code}: "off"`).join(', ')} }` : '';
    return `  ${name}: { files: [compose.${name}.yaml]${levels} }\n`;
  }).join('')}`;

const LINES = {
  'same-port': 'warning same-port compose.ci.yaml:6 (ci, test)',
  'same-container-name': 'warning same-container-name compose.ci.yaml:5 (ci, test)',
  'same-network': 'warning same-network compose.ci.yaml:13 (ci, test)',
  'same-volume': 'info same-volume compose.ci.yaml:10 (ci, test)',
  'same-data-folder': 'warning same-data-folder compose.ci.yaml:7 (ci, test)',
};

for (const code of LEFT_OUT) {
  describeCase({
    about: 'a comment in the file of one environment leaves it between the others',
    code,
    has: {
      ...FILES,
      'berth.yaml': declared(),
      'compose.dev.yaml': `${file('dev')}# berth-ignore-file ${code}\n`,
    },
    found: [LINES[code]],
  });

  describeCase({
    about: 'berth.yaml leaves it out for one environment, and not between the others',
    code,
    has: { ...FILES, 'berth.yaml': declared(LEFT_OUT) },
    found: [LINES[code]],
    nearly: [
      { ...FILES, 'berth.yaml': declared(LEFT_OUT), 'compose.ci.yaml': `${file('ci')}# berth-ignore-file ${code}\n` },
    ],
  });
}
