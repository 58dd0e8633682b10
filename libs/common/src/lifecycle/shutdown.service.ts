import { type Log } from '../log/log';
import { type Clock } from '../time/clock';

/** The order in which an application ends. */
export const SHUTDOWN_PHASES = ['intake', 'workers', 'queues', 'stores'] as const;
export type ShutdownPhase = (typeof SHUTDOWN_PHASES)[number];

interface Step {
  readonly name: string;
  readonly run: () => Promise<unknown>;
}

/** Ends an application in one order: what takes work in, what does it, what carries it, what keeps it. */
export class ShutdownService {
  private readonly steps = new Map<ShutdownPhase, Step[]>(SHUTDOWN_PHASES.map((phase) => [phase, []]));
  private ending: Promise<boolean> | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Steps of one phase run side by side. */
  add(phase: ShutdownPhase, name: string, run: () => Promise<unknown>): void {
    this.steps.get(phase)?.push({ name, run });
  }

  /** Ends everything, once however often it is called; false when a step failed, or when one did not end within the
   *  limit and the phases after it were left undone. The caller's exit code is not 0 then. */
  shutdown(limitMs: number): Promise<boolean> {
    this.ending ??= this.run(limitMs);
    return this.ending;
  }

  private async run(limitMs: number): Promise<boolean> {
    const untilMs = this.clock.nowMs() + limitMs;
    let clean = true;
    for (const phase of SHUTDOWN_PHASES) {
      const results = await Promise.all((this.steps.get(phase) ?? []).map((step) => this.runStep(step, untilMs)));
      if (results.includes('overdue')) return false;
      clean &&= !results.includes('failed');
    }
    return clean;
  }

  private async runStep({ name, run }: Step, untilMs: number): Promise<'done' | 'failed' | 'overdue'> {
    let stopTimer = (): void => {};
    const overdue = new Promise<'overdue'>((resolve) => {
      const timer = this.clock.setTimer(untilMs - this.clock.nowMs(), () => resolve('overdue'));
      stopTimer = () => timer.cancel();
    });
    const running = this.tryStep(name, run);
    const result = await Promise.race([running, overdue]);
    stopTimer();
    if (result === 'overdue') this.log.error('Shutdown step did not end in time', { step: name });
    return result;
  }

  private async tryStep(name: string, run: () => Promise<unknown>): Promise<'done' | 'failed'> {
    try {
      await run();
      return 'done';
    } catch (error) {
      this.log.error('Shutdown step failed', { step: name, err: error });
      return 'failed';
    }
  }
}
