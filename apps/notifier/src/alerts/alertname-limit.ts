import { labelValue } from '@tocsin/common/labels/label-set';
import { type AlertChange, type StoredAlert } from './alert-book';

type Limited = Pick<StoredAlert, 'fingerprint' | 'labels' | 'endsAtMs'>;

/**
 * Admits alerts of one alertname up to a limit. Source: Alertmanager `limit.Bucket`: what is known is always admitted,
 * and when all places are taken, one of an alert that has ended is given to the new one.
 */
export class AlertnameLimit {
  /** Alertname → fingerprint → when it ends, epoch ms. */
  private readonly buckets = new Map<string, Map<string, number>>();

  constructor(
    /** Alerts of one alertname. */
    private readonly limit: number,
    alerts: Iterable<Limited> = [],
  ) {
    for (const alert of alerts) this.take(alert);
  }

  /** Follows the alert book. */
  apply(changes: readonly AlertChange[]): void {
    for (const { before, after } of changes) {
      if (after !== null) this.take(after);
      else if (before !== null) this.free(before);
    }
  }

  /** How many alertnames have alerts. */
  get size(): number {
    return this.buckets.size;
  }

  /** Whether the alert may be stored; if so it has its place from now on. */
  admit(alert: Limited, nowMs: number): boolean {
    const bucket = this.bucketOf(alert);
    if (!bucket.has(alert.fingerprint) && bucket.size >= this.limit && !evictEnded(bucket, nowMs)) return false;
    bucket.set(alert.fingerprint, alert.endsAtMs);
    return true;
  }

  private take(alert: Limited): void {
    const bucket = this.bucketOf(alert);
    if (bucket.has(alert.fingerprint) || bucket.size < this.limit) bucket.set(alert.fingerprint, alert.endsAtMs);
  }

  private free(alert: Limited): void {
    const bucket = this.bucketOf(alert);
    bucket.delete(alert.fingerprint);
    if (bucket.size === 0) this.buckets.delete(nameOf(alert));
  }

  private bucketOf(alert: Limited): Map<string, number> {
    const name = nameOf(alert);
    let bucket = this.buckets.get(name);
    if (bucket === undefined) this.buckets.set(name, (bucket = new Map()));
    return bucket;
  }
}

function nameOf({ labels }: Limited): string {
  return labelValue(labels, 'alertname') ?? '';
}

function evictEnded(bucket: Map<string, number>, nowMs: number): boolean {
  for (const [fingerprint, endsAtMs] of bucket) if (endsAtMs <= nowMs) return bucket.delete(fingerprint);
  return false;
}
