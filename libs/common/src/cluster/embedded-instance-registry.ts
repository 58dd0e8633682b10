import { type Instance, type InstanceRegistry } from './instance-registry';

/** The registry of a process that shares its state with no other: only itself. */
export class EmbeddedInstanceRegistry implements InstanceRegistry {
  constructor(readonly self: Instance) {}

  live(): readonly Instance[] {
    return [this.self];
  }
}
