import { type GroupIndex } from '../grouping/groups';
import { type IntegrationRegistry } from '../receivers/integration-registry';
import { type NotifierConfig } from './notifier-config';

/** What the notifier runs on until the next reload; a reload replaces all three in one turn. */
export interface ActiveConfig {
  config: NotifierConfig;
  groups: GroupIndex;
  integrations: IntegrationRegistry;
  /** The groups of a configuration that is about to replace this one; they follow the alert book already. */
  incoming: GroupIndex | null;
}
