import type { ProgramCall } from '../core/common/program';

/**
 * The command line, as this extension brings it, on the Node that the extension itself runs on: no other one need be installed.
 * @param cli absolute path of its bundle.
 * @param words what stands after `berth`.
 * @param cwd absolute path of the folder that it is run in.
 */
export function berthCall(cli: string, words: readonly string[], cwd: string): ProgramCall {
  return {
    command: process.execPath,
    args: [cli, ...words],
    cwd,
    // On a desktop the program is Electron, which can be Node; in a remote window it is Node, to which this says nothing.
    env: { ELECTRON_RUN_AS_NODE: '1' },
  };
}
