import { type Rendering } from '../../templates/rendering';
import { truncateRunes } from '../truncate';
import { type VictoropsConfig } from './victorops.schema';

/** Source: VictorOps' limit, as Alertmanager keeps it. */
const MOST_MESSAGE = 20_480;

/** What an alert may be that is not over. */
const TYPES: readonly string[] = ['INFO', 'WARNING', 'CRITICAL'];

/** What an entry posts. Source: Alertmanager, `victorops`. */
export function victoropsMessage(config: VictoropsConfig, rendering: Rendering): ReadonlyMap<string, string> {
  const own = Object.entries(config.customFields).map(([name, source]) => [name, rendering.text(source)] as const);
  return new Map([
    ['message_type', typeOf(config, rendering)],
    ['entity_id', rendering.facts.keyHash],
    ['entity_display_name', rendering.text(config.entityDisplayName, 'subject')],
    ['state_message', truncateRunes(rendering.text(config.stateMessage, 'body'), MOST_MESSAGE)],
    ['monitoring_tool', rendering.text(config.monitoringTool)],
    ...own,
  ]);
}

function typeOf({ messageType }: VictoropsConfig, rendering: Rendering): string {
  const type = rendering.text(messageType);
  if (rendering.facts.status === 'resolved') return 'RECOVERY';
  return TYPES.includes(type) ? type : 'CRITICAL';
}
