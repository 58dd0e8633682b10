import { DEFAULT_SCENARIO_LIMITS } from '@tocsin/notifier/simulate/scenario';
import { mistakesOf, pathText, scenarioOf, scenarioShape } from '@tocsin/notifier/simulate/scenario.schema';
import { SimulateService } from '@tocsin/notifier/simulate/simulate.service';
import { type SimulatedNotification, type Simulation } from '@tocsin/notifier/simulate/simulation';
import { z } from 'zod';
import { DEFAULT_OPTIONS } from './in-process-notifier';
import { NOON_MS } from './story';

/** Plays a scenario, written as for `POST /api/tocsin/v1/simulate`, with the services of a notifier. */
export async function simulated(config: string, written: unknown, startMs = NOON_MS): Promise<Simulation> {
  const service = new SimulateService('fallback', DEFAULT_OPTIONS.build);
  const read = service.readConfig(config);
  if (!read.ok) throw new Error(read.error);
  const parsed = z.strictObject(scenarioShape).safeParse(written);
  const made = parsed.success
    ? scenarioOf(parsed.data, startMs, DEFAULT_SCENARIO_LIMITS)
    : { ok: false as const, mistakes: mistakesOf(parsed.error) };
  if (!made.ok) throw new Error(made.mistakes.map(({ path, message }) => `${pathText(path)}: ${message}`).join('\n'));
  const result = await service.simulate(read.config, made.scenario);
  if (result.kind !== 'done') throw new Error(result.kind);
  return result.simulation;
}

/** What was told: `30s firing a, b; resolved c`, and to whom where several receivers are told of. */
export function linesOf({ startMs, notifications }: Simulation, isNaming = false): string[] {
  return notifications.map((notification) => {
    const seconds = (notification.atMs - startMs) / 1_000;
    return [`${seconds}s`, isNaming ? notification.receiver : '', gistOf(notification)].filter(Boolean).join(' ');
  });
}

/** `firing a, b; resolved c` */
export function gistOf({ alerts }: SimulatedNotification): string {
  const named = (isFiring: boolean) =>
    alerts
      .filter(({ endsAtMs }) => (endsAtMs === 0) === isFiring)
      .map(({ labels }) => labels['alertname'] ?? '?')
      .sort()
      .join(', ');
  const parts = [
    ['firing', named(true)],
    ['resolved', named(false)],
  ];
  return parts
    .filter(([, names]) => names !== '')
    .map((part) => part.join(' '))
    .join('; ');
}
