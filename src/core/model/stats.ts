import { list, record, text } from '../common/json';

/** What a container uses at one moment. */
export interface ContainerStats {
  /** Of one processor, in percent: 200 is two of them busy. */
  readonly cpuPercent: number;
  /** Bytes in use, without what the system could drop at any time. */
  readonly memory: number;
  /** Bytes that it may use at most. */
  readonly memoryLimit: number;
  /** Bytes since it was started. */
  readonly received: number;
  readonly sent: number;
  readonly blockRead: number;
  readonly blockWritten: number;
  readonly processes: number;
}

/**
 * One sample of `GET /containers/{id}/stats`. The arithmetic is that of `docker stats`.
 * Source: Engine API reference, ContainerStats; docker/cli, `cli/command/container/stats_helpers.go`.
 */
export function parseStats(sample: unknown): ContainerStats {
  const {
    cpu_stats: cpu,
    precpu_stats: before,
    memory_stats: memory,
    networks,
    blkio_stats: io,
    pids_stats: pids,
  } = record(sample);
  const usage = (stats: unknown) => number(record(record(stats).cpu_usage).total_usage);
  const system = (stats: unknown) => number(record(stats).system_cpu_usage);
  const cpuDelta = usage(cpu) - usage(before);
  const systemDelta = system(cpu) - system(before);
  const processors = number(record(cpu).online_cpus) || list(record(record(cpu).cpu_usage).percpu_usage).length || 1;
  const memoryStats = record(record(memory).stats);
  // The page cache: `total_inactive_file` with control groups of version 1, `inactive_file` with version 2.
  const cache = number(memoryStats.total_inactive_file ?? memoryStats.inactive_file);
  const sum = (key: string) =>
    Object.values(record(networks)).reduce((total: number, one) => total + number(record(one)[key]), 0);
  const blocks = (operation: string) =>
    list(record(io).io_service_bytes_recursive)
      .map(record)
      .filter((entry) => text(entry.op).toLowerCase() === operation)
      .reduce((total, entry) => total + number(entry.value), 0);
  const used = number(record(memory).usage);
  return {
    cpuPercent: systemDelta > 0 && cpuDelta > 0 ? (cpuDelta / systemDelta) * processors * 100 : 0,
    memory: cache < used ? used - cache : used,
    memoryLimit: number(record(memory).limit),
    received: sum('rx_bytes'),
    sent: sum('tx_bytes'),
    blockRead: blocks('read'),
    blockWritten: blocks('write'),
    processes: number(record(pids).current),
  };
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
