import { describeCase } from '../support/checkCases';

const SERVICE = 'services:\r\n  web:\r\n    image: busybox:1.36\r\n';

describeCase({
  about: 'goes with its line, and nothing else',
  code: 'obsolete-version',
  has: { 'compose.yaml': `# ours\r\nversion: "3.8" # old\r\n\r\n${SERVICE}` },
  found: ['info obsolete-version compose.yaml:2 (dev)'],
  nearly: [{ 'compose.yaml': `x-version: "3"\r\n${SERVICE}    labels: { version: "3.8" }\r\n` }],
  fixed: { 'compose.yaml': `# ours\r\n\r\n${SERVICE}` },
});
