import { sizeText } from '../../core/model/belongings';
import type { Measured } from '../sampler';
import type { Style } from './style';
import { renderTable } from './table';

/** What containers use, as the lines of a table. */
export function renderStats(measured: readonly Measured[], style: Style): readonly string[] {
  // The first column tells something only where there is more than one environment.
  const isOne = new Set(measured.map(({ environment }) => environment)).size < 2;
  const head = [
    'ENVIRONMENT',
    'SERVICE',
    'CONTAINER',
    'CPU',
    'MEMORY',
    'NETWORK IN/OUT',
    'DISK READ/WRITTEN',
    'PROCESSES',
  ];
  const rows = measured.map((one) => [one.environment, one.service, one.container.name, ...cells(one)]);
  return renderTable(
    [head, ...rows].map((row) => (isOne ? row.slice(1) : row)),
    style,
  );
}

/** What one container uses, as a plain line. */
export function statsLine(one: Measured): string {
  const [cpu, memory, network, disk, processes] = cells(one);
  const use = `cpu ${cpu}, memory ${memory}, network ${network}, disk ${disk}, processes ${processes}`;
  return `${one.environment} ${one.service} ${one.container.name}: ${use}`;
}

function cells({ stats }: Measured): readonly string[] {
  const size = (bytes: number) => sizeText(bytes, 'en');
  return [
    `${stats.cpuPercent.toFixed(1)} %`,
    `${size(stats.memory)} of ${size(stats.memoryLimit)}`,
    `${size(stats.received)} / ${size(stats.sent)}`,
    `${size(stats.blockRead)} / ${size(stats.blockWritten)}`,
    String(stats.processes),
  ];
}

/** {@link Measured} in the form that `docs/command-line.md` describes: sizes in bytes. */
export function statsJson({ stats, ...subject }: Measured): Record<string, unknown> {
  return { ...subject, ...stats, cpuPercent: Number(stats.cpuPercent.toFixed(2)) };
}
