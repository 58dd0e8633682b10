import { type DeliveryLimits, type OnMuted } from '../delivery/delivery-limits';
import { type DeliveryOutcome } from '../delivery/delivery-outcome';
import { type Integration } from './integration';
import { cannotSendTo, type IntegrationConfig, type Kind } from './kinds.schema';

/** An integration of a kind that has no sender yet: whatever it is told ends as a dead letter, and is counted. */
export class UnavailableIntegration implements Integration {
  readonly kind: Kind;
  readonly index: number;
  readonly key: string;
  readonly sendResolved: boolean;
  readonly onMuted: OnMuted | null;
  readonly limits: DeliveryLimits;

  constructor(
    readonly receiver: string,
    { kind, index, config }: IntegrationConfig,
  ) {
    this.kind = kind;
    this.index = index;
    this.key = `${receiver}/${kind}/${index}`;
    this.sendResolved = config.sendResolved;
    this.onMuted = config.onMuted;
    this.limits = config.limits;
  }

  async notify(): Promise<DeliveryOutcome> {
    return { kind: 'rejected', reason: 'other', message: cannotSendTo(this.kind) };
  }

  async close(): Promise<void> {}
}
