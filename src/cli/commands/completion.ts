import { UserError } from '../../core/common/errors';
import { completionScript, SHELLS } from '../completion/scripts';
import { EXIT } from '../exitCodes';
import type { Command } from './command';

/** `berth completion`: needs no project. */
export const completion: Command = {
  summary: 'print a script that completes commands and names in your shell',
  operands: SHELLS.join('|'),
  mostOperands: 1,
  options: [],
  details:
    'For bash, in ~/.bashrc: eval "$(berth completion bash)". For zsh, in ~/.zshrc after compinit: ' +
    'eval "$(berth completion zsh)". For fish, once: berth completion fish > ~/.config/fish/completions/berth.fish. ' +
    'It reads the compose files of the folder you are in, and asks no Docker.',
  examples: [['berth completion bash', 'the script for bash']],
  run: ({ operands, output }) => {
    const [name] = operands;
    const shell = SHELLS.find((known) => known === name);
    if (!shell) {
      const message = name === undefined ? 'For which shell?' : `There is no completion for "${name}".`;
      throw new UserError('usage', message, { remedy: `There is: ${SHELLS.join(', ')}.` });
    }
    output.out.write(completionScript(shell));
    return Promise.resolve(EXIT.done);
  },
};
