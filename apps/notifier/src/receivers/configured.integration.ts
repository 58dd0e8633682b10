import { type DeliveryLimits, type OnMuted } from '../delivery/delivery-limits';
import { type DeliveryOutcome } from '../delivery/delivery-outcome';
import { NotificationFacts } from '../templates/notification-facts';
import { type Made, type Rendering, renderMessage } from '../templates/rendering';
import { type Integration, type Notification } from './integration';
import { type IntegrationContext } from './integration-context';
import { type IntegrationConfig, type Kind } from './kinds.schema';
import { type Attempt, type Sender } from './sender';

/** Makes the attempt that a sender works with of the one that all have. */
export type Equip<A extends Attempt> = (attempt: Attempt) => A;

/** An entry of a receiver as it is configured; how it is sent is its sender's. */
export class ConfiguredIntegration<A extends Attempt> implements Integration {
  readonly kind: Kind;
  readonly index: number;
  readonly key: string;
  readonly sendResolved: boolean;
  readonly onMuted: OnMuted | null;
  readonly limits: DeliveryLimits;

  constructor(
    readonly receiver: string,
    { kind, index, config }: IntegrationConfig,
    private readonly context: Pick<IntegrationContext, 'externalUrl' | 'templates'>,
    private readonly sender: Sender<A>,
    private readonly equip: Equip<A>,
    private readonly whenClosed: () => Promise<void> = async () => {},
  ) {
    this.kind = kind;
    this.index = index;
    this.key = `${receiver}/${kind}/${index}`;
    this.sendResolved = config.sendResolved;
    this.onMuted = config.onMuted;
    this.limits = config.limits;
  }

  async notify(notification: Notification, signal: AbortSignal): Promise<DeliveryOutcome> {
    const { externalUrl, templates } = this.context;
    const facts = new NotificationFacts(notification, this.receiver, externalUrl());
    let degraded: string | null = null;
    const message = <T>(make: (rendering: Rendering) => T, of = facts): Made<T> => {
      const made = renderMessage(of, templates, make);
      if (made.ok) degraded ??= made.degraded;
      return made;
    };
    const outcome = await this.sender.send(this.equip({ notification, facts, signal, message }));
    if (degraded === null) return outcome;
    if (outcome.kind === 'delivered') return { ...outcome, degraded };
    // Often it is refused for what the template would have said.
    return { ...outcome, message: `${outcome.message} (it was a plain message: ${degraded})` };
  }

  async close(): Promise<void> {
    await this.sender.close?.();
    await this.whenClosed();
  }
}
