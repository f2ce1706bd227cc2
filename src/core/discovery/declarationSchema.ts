import { LEVELS } from '../model/finding';
import { ALL_CODES } from '../model/findingCodes';

/** A list of paths, from the folder of the file that they stand in. */
const PATHS = { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 } as const;
/** What names look like in a `berth.yaml`. */
export const DECLARED_NAME = '^[A-Za-z0-9][A-Za-z0-9._-]*$';
/** What the names of projects look like, to Compose as well. */
export const DECLARED_PROJECT = '^[a-z0-9][a-z0-9_-]*$';

/**
 * What `berth.yaml` may hold, as a JSON schema: what an editor completes and checks by. `schemas/berth.schema.json` is made
 * of it, and a test holds it against that.
 */
export const DECLARATION_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'berth.yaml',
  description: 'The environments of a project with several Docker Compose set-ups.',
  type: 'object',
  anyOf: [{ required: ['environments'] }, { required: ['checks'] }],
  additionalProperties: false,
  properties: {
    environments: {
      description: 'The environments by their names.',
      type: 'object',
      propertyNames: { pattern: DECLARED_NAME },
      additionalProperties: { $ref: '#/definitions/environment' },
    },
    checks: { $ref: '#/definitions/checks' },
    services: {
      description: 'What the services are, by their names.',
      type: 'object',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        properties: {
          role: {
            description: 'What the service is: Berth tells it from the image where it can.',
            enum: ['app', 'database', 'cache', 'queue', 'proxy', 'tool'],
          },
        },
      },
    },
  },
  definitions: {
    level: { enum: LEVELS },
    checks: {
      description:
        'How much what checks find is to matter, by codes: "off" leaves it out. An environment goes before the whole file.',
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(ALL_CODES.map((code) => [code, { $ref: '#/definitions/level' }])),
    },
    environment: {
      type: 'object',
      additionalProperties: false,
      properties: {
        files: {
          ...PATHS,
          description:
            'The compose files, in the order in which Compose merges them. When left out: what Compose finds by itself.',
        },
        envFiles: { ...PATHS, description: 'The env files, as Compose takes them with --env-file.' },
        project: {
          description: 'The project name. When left out, each environment gets one of its own.',
          type: 'string',
          pattern: DECLARED_PROJECT,
        },
        projectDirectory: {
          description: 'The folder that paths in the compose files start at, and where .env is read.',
          type: 'string',
          minLength: 1,
        },
        profiles: {
          description: 'The profiles that are active without being asked for.',
          type: 'array',
          items: { type: 'string', minLength: 1 },
        },
        context: { description: 'The Docker context that it runs in.', type: 'string', minLength: 1 },
        purpose: {
          description: 'What it is for. When left out, its name tells it.',
          enum: ['development', 'test', 'ci', 'production', 'other'],
        },
        ephemeral: {
          description: 'Whether it is made for a run and removed after it, data included.',
          type: 'boolean',
        },
        checks: { $ref: '#/definitions/checks' },
        startup: {
          description: 'Lists of services: those of each are healthy before the next are started.',
          type: 'array',
          items: { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 },
        },
        commands: {
          description: 'Commands that belong to it, by their names.',
          type: 'object',
          propertyNames: { pattern: DECLARED_NAME },
          additionalProperties: { $ref: '#/definitions/command' },
        },
      },
    },
    command: {
      type: 'object',
      additionalProperties: false,
      required: ['run'],
      properties: {
        run: {
          description: 'The program and its arguments: a list, or one text that is split at blanks outside of quotes.',
          type: ['string', 'array'],
          items: { type: 'string' },
          minLength: 1,
          minItems: 1,
        },
        kind: {
          description:
            'What it is for: "test" runs tests, "setup" is run once the environment has come up for them, "task" is all else.',
          enum: ['test', 'setup', 'task'],
        },
        service: {
          description: 'The service whose container it runs in. When left out, it runs on this machine.',
          type: 'string',
        },
        cwd: { description: 'The folder that it runs in.', type: 'string' },
        user: {
          description:
            "The user in the container: a name or a number, with a group maybe. When left out, the container's own.",
          type: ['string', 'integer'],
          minLength: 1,
        },
        env: {
          description: 'Environment variables for it.',
          type: 'object',
          additionalProperties: { type: ['string', 'number', 'boolean'] },
        },
        collect: { ...PATHS, description: 'Files and folders to copy out of the container when it is done.' },
        args: { description: 'Whether it takes further arguments: it does when this is left out.', type: 'boolean' },
        newContainer: {
          description: 'Whether it runs in a new container of its service, instead of one that runs.',
          type: 'boolean',
        },
        background: {
          description: 'Whether it goes on until it is ended, as a server does.',
          type: 'boolean',
        },
      },
    },
  },
} as const;
