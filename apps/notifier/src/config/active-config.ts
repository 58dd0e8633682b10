import { type GroupIndex } from '../grouping/groups';
import { type InhibitionIndex } from '../inhibition/inhibition-index';
import { type IntegrationRegistry } from '../receivers/integration-registry';
import { type NotifierConfig } from './notifier-config';

/** What the notifier runs on until the next reload; a reload replaces all of it in one turn. */
export interface ActiveConfig {
  config: NotifierConfig;
  groups: GroupIndex;
  inhibition: InhibitionIndex;
  integrations: IntegrationRegistry;
  /** What a configuration that is about to replace this one makes of the alerts; it follows the alert book already. */
  incoming: Pick<ActiveConfig, 'groups' | 'inhibition'> | null;
}
