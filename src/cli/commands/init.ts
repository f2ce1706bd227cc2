import path from 'node:path';
import { closeTo } from '../../core/common/closeNames';
import { UserError } from '../../core/common/errors';
import { applyTemplate, listTemplates } from '../../core/templates/template';
import { EXIT } from '../exitCodes';
import { nextCommand } from '../project';
import { jsonDocument } from '../rendering/json';
import type { Command, CommandContext } from './command';

/** `berth init`: the files of a template. Needs no Docker. */
export const init: Command = {
  summary: 'make a new project with development, test and CI environments',
  operands: '[FOLDER]',
  mostOperands: 1,
  options: ['template', 'json'],
  details: 'From a template, in the current folder when none is given. Never overwrites a file.',
  examples: [
    ['berth init', 'in the current folder'],
    ['berth init shop', 'in the folder "shop", which is made'],
    ['berth init --template postgres-redis shop', 'from the template of that name'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { operands, options, output, workingFolder, productFolder } = context;
  const [target = '.'] = operands;
  const folder = path.resolve(workingFolder, options.directory ?? '.', target);
  const templates = templatesFolder(productFolder);
  const template = chooseTemplate(await listTemplates(templates), options.template);
  const files = await applyTemplate(path.join(templates, template), folder);

  if (options.json) {
    output.out.write(jsonDocument({ folder, template, files }));
    return EXIT.done;
  }
  const shown = path.relative(workingFolder, folder);
  const inFolder = { ...context, options: { ...options, directory: shown || undefined } };
  const steps = [
    [nextCommand(inFolder, 'envs'), 'what there is now'],
    [nextCommand(inFolder, 'up', 'dev'), 'start the development environment'],
  ] as const;
  const width = Math.max(...steps.map(([command]) => command.length));
  output.out.write(
    [
      `✔ Made from the template ${template}:`,
      ...files.map((file) => `  ${path.relative(workingFolder, file)}`),
      '',
      'Next:',
      ...steps.map(([command, meaning]) => `  ${command.padEnd(width)}  ${meaning}`),
      '',
    ].join('\n'),
  );
  return EXIT.done;
}

function chooseTemplate(names: readonly string[], name: string | undefined): string {
  const chosen = name === undefined ? names[0] : names.find((known) => known === name);
  if (chosen !== undefined) return chosen;
  if (name === undefined) throw new UserError('failed', 'Berth was installed without its templates.');
  const close = closeTo(name, names);
  throw new UserError('usage', `There is no template "${name}".`, {
    remedy: `${close.length > 0 ? `Did you mean ${close.join(' or ')}? ` : ''}Templates: ${names.join(', ')}.`,
  });
}

/** Where the templates are. @param productFolder absolute path of the folder that Berth is installed in. */
export function templatesFolder(productFolder: string): string {
  return path.join(productFolder, 'compose-templates');
}
