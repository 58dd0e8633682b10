import { type Instance } from '@tocsin/common/cluster/instance-registry';
import { type Log } from '@tocsin/common/log/log';
import { type Clock, type Timer } from '@tocsin/common/time/clock';
import { type Timeline } from '../timeline/timeline-event';

/** How often the others are looked at, ms; a reload reaches all of a cluster well within it. */
const LOOK_MS = 15_000;

/** Says when live instances run on different configurations, and when they no longer do. */
export class ConfigDivergenceService {
  private timer: Timer | null = null;
  private known = '';

  constructor(
    private readonly instances: () => readonly Instance[],
    private readonly ownHash: () => number,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly timeline: Timeline,
  ) {}

  start(): void {
    this.timer = this.clock.setTimer(LOOK_MS, () => {
      this.look();
      this.start();
    });
  }

  async stop(): Promise<void> {
    this.timer?.cancel();
  }

  private look(): void {
    const own = String(this.ownHash());
    const others = this.instances().flatMap(({ name, details }) => {
      const config = details?.['config'];
      return config === undefined || config === own ? [] : [name];
    });
    const divergent = others.join(', ');
    if (divergent === this.known) return;
    this.known = divergent;
    if (divergent === '') this.log.info('All notifiers run on the same configuration again');
    else this.log.warn('Other notifiers run on another configuration', { others: divergent });
    const message =
      divergent === '' ? 'all notifiers run on the same configuration' : `another configuration runs on ${divergent}`;
    this.timeline.record({ atMs: this.clock.nowMs(), kind: 'cluster', message });
  }
}
