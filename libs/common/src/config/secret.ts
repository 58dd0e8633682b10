const HIDDEN = '<secret>';

/** A value that no log, message or answer may show; an empty one is shown as empty. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the place that sends it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return this.#value === '' ? '' : HIDDEN;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
