import { fnv1a64Hex } from '@tocsin/common/labels/fingerprint';
import { groupKey, type RuleGroup } from '../rules/rule-group';

/** When a group is evaluated: at `phaseMs` after every whole multiple of its interval since the epoch. */
export interface Schedule {
  readonly intervalMs: number;
  readonly phaseMs: number;
}

/** The phase comes from file and name, so that it is the same everywhere and groups spread over their interval. */
export function scheduleOf(group: Pick<RuleGroup, 'file' | 'name' | 'intervalMs'>): Schedule {
  const { intervalMs } = group;
  // The low 52 bits: what a number holds exactly.
  const hash = Number.parseInt(fnv1a64Hex(groupKey(group)).slice(3), 16);
  return { intervalMs, phaseMs: hash % intervalMs };
}

/** The latest slot at or before now, epoch ms. */
export function slotAt({ intervalMs, phaseMs }: Schedule, nowMs: number): number {
  return Math.floor((nowMs - phaseMs) / intervalMs) * intervalMs + phaseMs;
}

/** The first slot after now, epoch ms. */
export function nextSlot(schedule: Schedule, nowMs: number): number {
  return slotAt(schedule, nowMs) + schedule.intervalMs;
}

/** Slots from the one that was due up to the one that is evaluated instead: they are skipped, never caught up. */
export function missedSlots({ intervalMs }: Schedule, dueMs: number, slotMs: number): number {
  return Math.max(0, Math.floor((slotMs - dueMs) / intervalMs));
}
