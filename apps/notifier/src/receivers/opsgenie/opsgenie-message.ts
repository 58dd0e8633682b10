import { type Rendering } from '../../templates/rendering';
import { orOmit } from '../go-json';
import { withPath } from '../go-url';
import { truncateRunes } from '../truncate';
import { type OpsgenieConfig, type OpsgenieResponder } from './opsgenie.schema';

/** Source: Opsgenie's limit, as Alertmanager keeps it. */
const MOST_MESSAGE = 130;

/** One request to Opsgenie's API. */
export interface OpsgenieRequest {
  readonly method: 'POST' | 'PUT';
  readonly url: string;
  readonly body: object;
}

/** What an entry sends, one after the other. Source: Alertmanager, `opsgenie`. */
export function opsgenieRequests(config: OpsgenieConfig, rendering: Rendering): readonly OpsgenieRequest[] {
  const alias = rendering.facts.keyHash;
  const about = (what: string): string =>
    withPath(config.apiUrl, `v2/alerts/${alias}/${what}`, { identifierType: 'alias' });
  if (rendering.facts.status === 'resolved') {
    return [{ method: 'POST', url: about('close'), body: { source: rendering.text(config.source) } }];
  }
  const message = truncateRunes(rendering.text(config.message, 'subject'), MOST_MESSAGE);
  const description = orOmit(rendering.text(config.description, 'body'));
  const body = {
    alias,
    message,
    description,
    details: detailsOf(config, rendering),
    source: rendering.text(config.source),
    responders: orOmit(config.responders.flatMap((responder) => respondersOf(responder, rendering))),
    tags: orOmit(listOf(rendering.text(config.tags))),
    note: orOmit(rendering.text(config.note)),
    priority: orOmit(rendering.text(config.priority)),
    entity: orOmit(rendering.text(config.entity)),
    actions: orOmit(listOf(rendering.text(config.actions))),
  };
  const create: OpsgenieRequest = { method: 'POST', url: withPath(config.apiUrl, 'v2/alerts'), body };
  if (!config.updateAlerts) return [create];
  return [
    create,
    // Opsgenie only counts when it is told of the same alert again.
    { method: 'PUT', url: about('message'), body: { message: orOmit(message) } },
    { method: 'PUT', url: about('description'), body: { description } },
  ];
}

function detailsOf({ details }: OpsgenieConfig, rendering: Rendering): ReadonlyMap<string, string> {
  const own = Object.entries(details).map(([name, source]) => [name, rendering.text(source)] as const);
  return new Map([...Object.entries(rendering.facts.commonLabels), ...own]);
}

/** One, several of the type `teams`, or none where everything in it came to nothing. What was rendered is not rendered again,
 *  as Alertmanager does with names of teams: it may come from a label. */
function respondersOf(responder: OpsgenieResponder, rendering: Rendering): object[] {
  const [id, name, username, type] = [responder.id, responder.name, responder.username, responder.type].map((source) =>
    rendering.text(source),
  );
  if (type === 'teams') return listOf(name ?? '').map((team) => ({ name: team, type: 'team' }));
  const isEmpty = !id && !name && !username && !type;
  // Opsgenie takes no alert with a responder of no type.
  if (isEmpty || (!type && rendering.plain !== null)) return [];
  return [{ id: orOmit(id), name: orOmit(name), username: orOmit(username), type }];
}

function listOf(text: string): string[] {
  return text
    .trim()
    .split(',')
    .filter((item) => item !== '');
}
