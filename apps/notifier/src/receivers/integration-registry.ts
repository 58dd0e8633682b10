import { type Integration } from './integration';

/** The integrations of a configuration. */
export class IntegrationRegistry {
  private readonly keyed: ReadonlyMap<string, Integration>;
  private readonly byReceiver = new Map<string, Integration[]>();

  constructor(private readonly integrations: readonly Integration[]) {
    this.keyed = new Map(integrations.map((integration) => [integration.key, integration]));
    for (const integration of integrations) {
      const siblings = this.byReceiver.get(integration.receiver);
      if (siblings) siblings.push(integration);
      else this.byReceiver.set(integration.receiver, [integration]);
    }
  }

  all(): readonly Integration[] {
    return this.integrations;
  }

  byKey(key: string): Integration | undefined {
    return this.keyed.get(key);
  }

  /** In the order they are notified; none for a receiver that has none. */
  ofReceiver(name: string): readonly Integration[] {
    return this.byReceiver.get(name) ?? [];
  }

  /** Ends all connections once nothing is being sent. */
  async close(): Promise<void> {
    await Promise.all(this.integrations.map((integration) => integration.close()));
  }
}
