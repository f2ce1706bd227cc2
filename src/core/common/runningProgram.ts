import fs from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from './program';

/** A program that runs on this machine. */
export interface RunningProgram {
  readonly name: string;
  readonly pid: number;
  /** When it was started, as the system tells it: numbers of programs are given anew, and then this is another. */
  readonly started: string;
}

/** The program of this machine that has a number; undefined when there is none, or that can't be told: on Windows. */
export async function runningProgram(pid: number): Promise<RunningProgram | undefined> {
  const found = await detailsOf(pid);
  return found && { name: found.name, pid, started: found.started };
}

/** The programs that a program was started by, the nearest first. */
export async function ancestorsOf(pid: number): Promise<readonly number[]> {
  const found: number[] = [];
  let next = (await detailsOf(pid))?.parent;
  while (next && !found.includes(next)) {
    found.push(next);
    next = (await detailsOf(next))?.parent;
  }
  return found;
}

/**
 * Programs that are not to be ended because of a port: those that run the system, lead to it or to Docker, or are VS Code, which has ports
 * of other machines and of containers as well. Linux gives their names cut to 15 characters.
 */
const NEEDED =
  /^(?:init|launchd|systemd.*|sshd?(?:-.*)?|com\.docker.*|docker.*|containerd.*|rootless.*|slirp4netns|pasta.*|vpnkit.*|gvproxy|limactl|colima|podman.*|conmon|OrbStack.*|code(?:-.*)?|Code.*|codium.*|VSCodium.*|[Cc]ursor.*|Electron)$/;
/** VS Code's own server, which mostly is called `node`. */
const VSCODE_SERVER = /(?:vscode|code|codium|cursor|windsurf)-server|\bserver-main\.js\b/i;

/** Whether a program is one that nobody means to end because of a port: this one, what has started it, or what the machine needs. */
export async function isNeeded({ pid, name }: RunningProgram): Promise<boolean> {
  if (pid <= 1 || pid === process.pid || NEEDED.test(name)) return true;
  if ((await ancestorsOf(process.pid)).includes(pid)) return true;
  const command = onLinux
    ? await readText(`/proc/${pid}/cmdline`)
    : await printed('ps', ['-o', 'command=', '-p', `${pid}`]);
  return VSCODE_SERVER.test(command);
}

const onLinux = process.platform === 'linux';

async function detailsOf(pid: number): Promise<(RunningProgram & { readonly parent: number }) | undefined> {
  if (onLinux) {
    // `4711 (node) S 1 …`, in which the name may have anything. Source: proc(5), fields 4 and 22.
    const [, name, rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(await readText(`/proc/${pid}/stat`)) ?? [];
    const fields = rest.split(' ');
    return name ? { name, pid, parent: Number(fields[1]), started: fields[19] ?? '' } : undefined;
  }
  const shown = await printed('ps', ['-o', 'ppid=,lstart=,comm=', '-p', `${pid}`]);
  // `    1 Sun Nov 22 08:00:00 2026 /usr/local/bin/node`
  const [, parent, started, command] = /^\s*(\d+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\d{4})\s+(.+?)\s*$/.exec(shown) ?? [];
  return command && started ? { name: path.basename(command), pid, parent: Number(parent), started } : undefined;
}

/** What a program prints; where there is no such one, nothing. */
export async function printed(command: string, args: readonly string[]): Promise<string> {
  const call = { command, args, cwd: path.parse(process.cwd()).root, env: { LC_ALL: 'C' } };
  return runProgram(call).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

/** Programs come and go while they are looked at: what is not there is empty. */
export const readText = (file: string) => fs.readFile(file, 'utf8').catch(() => '');
