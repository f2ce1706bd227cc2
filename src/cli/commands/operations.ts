import type { OperationName } from '../../core/compose/operationCalls';
import type { OptionName } from '../options';
import { upAttached } from './attach';
import { ANY_NUMBER, type Command, type CommandDescription, LEFT_OUT } from './command';
import { operate } from './operate';

const OF_ALL: readonly OptionName[] = ['all', 'show-command', 'verbose', 'json'];
/** Of what needs no files: it fits any project on the engine. */
const OF_ANY: readonly OptionName[] = ['project'];
const WITH_CONTAINERS = `For containers that exist already; "berth up" also creates them. ${LEFT_OUT}`;

/** An operation on environments or services, as a command. */
function operation(
  name: OperationName,
  description: Pick<CommandDescription, 'summary' | 'details' | 'examples'> & {
    readonly options?: readonly OptionName[];
    /** Of a command that is about whole environments. */
    readonly whole?: boolean;
    readonly operands?: string;
    /** Of a command that does more than the operation. */
    readonly run?: Command['run'];
  },
): Command {
  const {
    options = [],
    whole = false,
    operands = whole ? '[ENV]' : '[ENV] [SERVICE…]',
    run = (context) => operate(name, context, { takesServices: !whole }),
    ...texts
  } = description;
  return {
    ...texts,
    operands,
    mostOperands: whole ? 1 : ANY_NUMBER,
    tooMany: (operands) => ({
      message: `"berth ${name}" takes no services: it is about a whole environment.`,
      remedy: `To stop some of its services: berth stop ${operands.join(' ')}. Several environments are joined by commas.`,
    }),
    options: [...options, ...OF_ALL],
    run,
  };
}

/** The operations of core as commands, one for each. */
export const operations = {
  up: operation('up', {
    summary: 'create and start environments, and wait until they are ready',
    options: ['build', 'profile', 'attach'],
    run: (context) => (context.options.attach ? upAttached(context) : operate('up', context, { takesServices: true })),
    details:
      'Ready means: healthy where there is a health check, running where there is none, completed where a service runs ' +
      'once. When a service fails, shows why. Ctrl-C cancels; what runs by then goes on running. With --attach the logs ' +
      'follow, from the beginning of this "up" on, until Ctrl-C, which stops what was brought up (exit code 0), or until ' +
      `nothing of it runs any more (exit code 1 when a service failed). ${LEFT_OUT}`,
    examples: [
      ['berth up dev', 'everything of the environment "dev"'],
      ['berth up dev web', 'the service "web", with what it depends on'],
      ['berth up dev,test', 'two environments at once'],
      ['berth up dev --build --profile tools', 'with fresh images, and the profile "tools"'],
      ['berth up dev web --attach', 'one service with its logs; Ctrl-C stops it'],
      ['berth up test && npm test', 'tests once everything is ready'],
    ],
  }),
  start: operation('start', {
    summary: 'start what was stopped, and wait until it is ready',
    options: OF_ANY,
    details: WITH_CONTAINERS,
    examples: [['berth start dev web', 'the service "web"']],
  }),
  restart: operation('restart', {
    summary: 'restart environments or services, and wait until they are ready',
    options: OF_ANY,
    details: `Changes to compose files take effect with "berth up", not with a restart. ${LEFT_OUT}`,
    examples: [['berth restart dev web', 'the service "web"']],
  }),
  stop: operation('stop', {
    summary: 'stop environments or services; containers stay',
    options: OF_ANY,
    details: LEFT_OUT,
    examples: [
      ['berth stop dev', 'the whole environment'],
      ['berth stop dev web worker', 'two services'],
      ['berth stop --all', 'every environment of the project'],
      ['berth stop --project blog', 'the project "blog" on the engine, of whatever folder it is'],
    ],
  }),
  pause: operation('pause', {
    summary: 'freeze what runs, as it is; memory stays in use',
    options: OF_ANY,
    details: `"berth unpause" goes on from there. ${LEFT_OUT}`,
    examples: [['berth pause dev web', 'the service "web"']],
  }),
  unpause: operation('unpause', {
    summary: 'go on with what was paused',
    options: OF_ANY,
    details: LEFT_OUT,
    examples: [['berth unpause dev', 'all that is paused of "dev"']],
  }),
  kill: operation('kill', {
    summary: 'end what runs at once, without time to save anything',
    options: ['yes', ...OF_ANY],
    details: `For what does not heed "berth stop". Asks before it does so. ${LEFT_OUT}`,
    examples: [['berth kill dev web --yes', 'the service "web", without being asked']],
  }),
  recreate: operation('recreate', {
    summary: 'make containers anew, and wait until they are ready; volumes stay',
    options: ['build', 'profile'],
    details: `What a container wrote outside of its volumes is gone. ${LEFT_OUT}`,
    examples: [['berth recreate dev web', 'the service "web"']],
  }),
  rebuild: operation('rebuild', {
    summary: 'build images without the cache, and make the containers anew',
    options: ['pull', 'profile'],
    details: LEFT_OUT,
    examples: [['berth rebuild dev web --pull', 'the service "web", on the newest base image']],
  }),
  build: operation('build', {
    summary: 'build images; what runs goes on as it is',
    options: ['no-cache', 'pull', 'profile'],
    details: `"berth up" then takes the new images. ${LEFT_OUT}`,
    examples: [
      ['berth build dev', 'all images of the environment'],
      ['berth build dev web --no-cache', 'one of them, from scratch'],
    ],
  }),
  pull: operation('pull', {
    summary: 'pull images; what runs goes on as it is',
    options: ['profile'],
    details: `Images that are built are left alone. "berth up" then takes the new ones. ${LEFT_OUT}`,
    examples: [['berth pull dev', 'all images of the environment']],
  }),
  scale: operation('scale', {
    summary: 'set how many containers services have',
    options: ['yes'],
    operands: '[ENV] SERVICE=N…',
    details: `Shows the containers that would go, those with the highest numbers, and asks. Until the next "berth up", which goes by the files again. ${LEFT_OUT}`,
    examples: [['berth scale dev worker=3 web=2', 'three workers, and two of "web"']],
  }),
  remove: operation('remove', {
    summary: 'remove stopped containers; volumes stay',
    options: ['yes', ...OF_ANY],
    details: `Shows which ones, and asks. What runs is left alone. ${LEFT_OUT}`,
    examples: [['berth remove dev', 'those of "dev"']],
  }),
  down: operation('down', {
    summary: 'stop, and remove containers and networks; volumes stay',
    options: ['volumes', 'data-folders', 'yes', ...OF_ANY],
    details:
      'Of all profiles, and of services that the files no longer have. Says what stays. With --volumes the data goes as ' +
      'well; then it shows what goes, with sizes, and asks. Of services that are named only the containers are removed. ' +
      LEFT_OUT,
    examples: [
      ['berth down dev web', 'the containers of one service'],
      ['berth down dev', 'the environment "dev"; data in volumes is kept'],
      ['berth down test --volumes --yes', 'with its data, in a script'],
    ],
  }),
  reset: operation('reset', {
    summary: 'remove an environment with its data, and bring it up anew',
    options: ['data-folders', 'build', 'profile', 'yes'],
    whole: true,
    details:
      'Shows what goes, with sizes, and asks. With --data-folders also what is in folders of the workspace in which ' +
      `databases keep their data, as ./data/postgres; the folders themselves stay. ${LEFT_OUT}`,
    examples: [
      ['berth reset dev', 'back to the beginning'],
      ['berth reset dev --data-folders', 'also where the data is in ./data/postgres'],
    ],
  }),
} as const satisfies Record<OperationName, Command>;
