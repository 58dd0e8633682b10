/** Anything a test starts and has to end. */
export interface Stoppable {
  stop(): Promise<unknown>;
}

/** What a test started; ended last first, each even if another fails to end. */
export class Started {
  private readonly things: Stoppable[] = [];

  /** Remembers a thing once it has started. */
  async add<T extends Stoppable>(starting: T | Promise<T>): Promise<T> {
    const thing = await starting;
    this.things.push(thing);
    return thing;
  }

  async stopAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let thing = this.things.pop(); thing; thing = this.things.pop()) {
      await thing.stop().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, 'some of what the test started did not end');
  }
}
