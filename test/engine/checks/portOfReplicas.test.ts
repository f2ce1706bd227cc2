import { describeCase } from '../support/checkCases';

const WEB = 'services:\n  web:\n    image: nginx:1.27\n';
const TWO = '    deploy: { replicas: 2 }\n';

describeCase({
  about: 'a fixed port that several containers want',
  code: 'port-of-replicas',
  has: {
    'compose.yaml': `${WEB}    ports:\n      - 9000\n      - "8080:80"\n${TWO}`,
    'compose.test.yaml': 'services:\n  web:\n    scale: 3\n    deploy: !reset null\n',
  },
  found: ['error port-of-replicas compose.yaml:6 (dev)', 'error port-of-replicas compose.yaml:6 (test)'],
  nearly: [
    { 'compose.yaml': `${WEB}    ports: ["8080:80"]\n` },
    { 'compose.yaml': `${WEB}    ports: ["8080:80"]\n    deploy: { replicas: 1 }\n` },
    { 'compose.yaml': `${WEB}    ports: ["8080-8081:80", "80"]\n${TWO}` },
    { 'compose.yaml': `${WEB}    network_mode: host\n${TWO}` },
    { 'compose.yaml': `${WEB}    ports: ["8080:80"]\n    profiles: [more]\n${TWO}` },
    {
      'compose.yaml': `${WEB}    ports: ["8080:80"]\n    deploy: { replicas: 2, restart_policy: { condition: on-failure } }\n`,
    },
    { 'compose.yaml': `${WEB}    ports: ["8080:80"]\n${TWO}networks: { default: { driver: overlay } }\n` },
    {
      'compose.yaml': `${WEB}    ports: ["8080:80"]\n${TWO}  other:\n    image: nginx:1.27\n    deploy: { placement: { constraints: [node.role == manager] } }\n`,
    },
  ],
  isOffered: false,
});
