import { type DueQueue } from '@tocsin/common/due-queue/due-queue';
import { fingerprint } from '@tocsin/common/labels/fingerprint';
import { type Labels } from '@tocsin/common/labels/label-set';
import { type Clock } from '@tocsin/common/time/clock';
import { type AlertBook } from '../alerts/alert-book';
import { type ActiveConfig } from '../config/active-config';
import { GroupIndex } from '../grouping/groups';
import { type CurrentMuting } from '../pipeline/current-muting';
import { type NotificationLog } from '../pipeline/notification-log';
import { type SilenceView } from '../silences/silence-store';
import { explainAlert, type Explanation } from './explain-alert';

/** Says what becomes of an alert and why, with the running configuration and state. */
export class ExplainService {
  constructor(
    private readonly clock: Clock,
    private readonly active: Pick<ActiveConfig, 'config' | 'groups' | 'integrations'>,
    private readonly book: Pick<AlertBook, 'alerts'>,
    private readonly log: Pick<NotificationLog, 'load'>,
    private readonly groups: Pick<DueQueue, 'dueTimes'>,
    private readonly muting: Pick<CurrentMuting, 'at'>,
    private readonly silences: Pick<SilenceView, 'get'>,
  ) {}

  /** `atMs`: the instant to see it from; null: now. */
  async explain(labels: Labels, atMs: number | null): Promise<Explanation> {
    const { config, integrations } = this.active;
    const nowMs = atMs ?? this.clock.nowMs();
    const question = { labels, fingerprint: fingerprint(labels), nowMs };
    // An index of its own, because the running one remembers every alert it is asked about.
    const groups = new GroupIndex(config.routes).groupsOf(question);
    const ids = groups.map(({ id }) => id);
    const [{ records }, dueTimes] = await Promise.all([
      this.log.load(ids),
      this.groups.dueTimes(config.routes.lane, ids),
    ]);
    const dueMs = new Map(
      ids.flatMap((id, index) => (typeof dueTimes[index] === 'number' ? [[id, dueTimes[index]]] : [])),
    );
    return explainAlert(question, groups, {
      alerts: this.book.alerts,
      routes: config.routes,
      groups: this.active.groups,
      integrations,
      muting: this.muting.at(nowMs),
      silence: (id) => this.silences.get(id),
      records,
      dueMs,
    });
  }
}
