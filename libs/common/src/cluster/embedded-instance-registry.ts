import { type Instance, type InstanceRegistry } from './instance-registry';

/** The registry of a process that shares its state with no other: only itself. */
export class EmbeddedInstanceRegistry implements InstanceRegistry {
  constructor(
    private readonly instance: Instance,
    /** What it says of itself. Default: nothing. */
    private readonly details?: () => Readonly<Record<string, string>>,
  ) {}

  get self(): Instance {
    return this.details === undefined ? this.instance : { ...this.instance, details: this.details() };
  }

  live(): readonly Instance[] {
    return [this.self];
  }
}
