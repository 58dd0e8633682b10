import { type AlertMessage } from '@tocsin/common/alert/alert-message.schema';
import { labelsKey } from '../state/alert-labels';

/**
 * Alerts that wait for one receiver, oldest first. Of one alert only the newest message waits, so that a receiver that
 * comes back is told nothing outdated; beyond the capacity the oldest go.
 */
export class AlertBacklog {
  private readonly alerts = new Map<string, AlertMessage>();

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.alerts.size;
  }

  /** Answers how many were dropped to make room. */
  add(alerts: readonly AlertMessage[]): number {
    for (const alert of alerts) {
      const key = labelsKey(alert.labels);
      this.alerts.delete(key);
      this.alerts.set(key, alert);
    }
    const surplus = this.alerts.size - this.capacity;
    for (const key of this.alerts.keys()) {
      if (this.alerts.size <= this.capacity) break;
      this.alerts.delete(key);
    }
    return Math.max(0, surplus);
  }

  /** The oldest ones; they stay until they are settled. */
  oldest(most: number): AlertMessage[] {
    const batch: AlertMessage[] = [];
    for (const alert of this.alerts.values()) {
      if (batch.length === most) break;
      batch.push(alert);
    }
    return batch;
  }

  /** Takes out what was sent, unless something newer came meanwhile. */
  settle(sent: readonly AlertMessage[]): void {
    for (const alert of sent) {
      const key = labelsKey(alert.labels);
      if (this.alerts.get(key) === alert) this.alerts.delete(key);
    }
  }
}
