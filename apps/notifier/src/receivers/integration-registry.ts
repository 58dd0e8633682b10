import { type Integration } from './integration';

/** The integrations of a configuration. */
export class IntegrationRegistry {
  private readonly keyed: ReadonlyMap<string, Integration>;
  private readonly byReceiver = new Map<string, Integration[]>();

  constructor(
    private readonly integrations: readonly Integration[],
    /** By key, why others that are configured could not be built: no route uses them. */
    private readonly unusable: ReadonlyMap<string, string> = new Map(),
  ) {
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

  /** Why one that is configured is not there; null: no such one is configured, or it is there. */
  whyUnusable(key: string): string | null {
    return this.unusable.get(key) ?? null;
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
