import { createHash } from 'node:crypto';
import { type Labels } from '@tocsin/common/labels/label-set';
import { type FrozenAlert } from '../pipeline/notification-record';
import { commonPairs } from '../receivers/common-pairs';
import { type Notification } from '../receivers/integration';

/** What messages and templates say of a notification; each is worked out once, when it is asked for first. */
export class NotificationFacts {
  readonly status: 'firing' | 'resolved';
  readonly firing: readonly FrozenAlert[];
  readonly resolved: readonly FrozenAlert[];
  private commonLabelsMade: Labels | undefined;
  private commonAnnotationsMade: Labels | undefined;
  private keyHashMade: string | undefined;

  constructor(
    readonly notification: Notification,
    readonly receiver: string,
    /** Without a trailing slash. */
    readonly externalUrl: string,
  ) {
    this.firing = notification.alerts.filter((alert) => !isOver(alert));
    this.resolved = notification.alerts.filter(isOver);
    this.status = this.firing.length > 0 ? 'firing' : 'resolved';
  }

  get alerts(): readonly FrozenAlert[] {
    return this.notification.alerts;
  }

  get commonLabels(): Labels {
    return (this.commonLabelsMade ??= commonPairs(this.alerts.map(({ labels }) => labels)));
  }

  get commonAnnotations(): Labels {
    return (this.commonAnnotationsMade ??= commonPairs(this.alerts.map(({ annotations }) => annotations)));
  }

  /** What receivers know the group by: SHA-256 of its key, in hexadecimal. Source: Alertmanager, `notify.Key.Hash`. */
  get keyHash(): string {
    return (this.keyHashMade ??= createHash('sha256').update(this.notification.groupKey).digest('hex'));
  }

  /** The same of the first `most` alerts only, and of them alone; 0: of all. */
  atMost(most: number): NotificationFacts {
    if (most === 0 || this.alerts.length <= most) return this;
    const alerts = this.alerts.slice(0, most);
    return new NotificationFacts({ ...this.notification, alerts }, this.receiver, this.externalUrl);
  }
}

/** Whether it is told as ended. */
export function isOver(alert: FrozenAlert): boolean {
  return alert.endsAtMs !== 0;
}
