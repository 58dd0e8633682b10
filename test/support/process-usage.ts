import { readFileSync } from 'node:fs';

/** Clock ticks a second in /proc/<pid>/stat; 100 on every Linux that matters here. */
const TICKS_PER_SECOND = 100;

/** CPU time a process has used so far in all its threads, user and system, seconds. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name in brackets and may hold spaces; count from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

export interface MemoryUse {
  /** Resident now. */
  rssBytes: number;
  /** The most that was ever resident. */
  peakBytes: number;
}

export function memoryUse(pid: number): MemoryUse {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return { rssBytes: kibibytes(status, 'VmRSS'), peakBytes: kibibytes(status, 'VmHWM') };
}

function kibibytes(status: string, field: string): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status);
  if (!found) throw new Error(`no ${field} in /proc/<pid>/status`);
  return Number(found[1]) * 1024;
}
