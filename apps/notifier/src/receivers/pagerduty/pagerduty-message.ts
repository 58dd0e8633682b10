import { inPlain, type Rendering } from '../../templates/rendering';
import { goJson, orOmit } from '../go-json';
import { truncateBytes, truncateRunes } from '../truncate';
import { type PagerdutyConfig } from './pagerduty.schema';

/** Source: PagerDuty's limits, as Alertmanager keeps them: characters, and bytes of a whole event. */
const MOST_SUMMARY = 1024;
const MOST_BYTES = 512_000;

/** Bytes of a plain message, so that it is within the limit however it is encoded. */
const MOST_PLAIN = 50_000;

/** Takes the place of details that are too large. */
const TOO_LARGE = 'Custom details have been removed because the original event exceeds the maximum size of 512KB';

type Details = ReadonlyMap<string, unknown>;

/** An event of the Events API v2, in JSON. Source: Alertmanager, `pagerduty`. */
export function eventV2(config: PagerdutyConfig, routingKey: string, rendering: Rendering): string {
  const text = (source: string): string => rendering.text(source);
  const { severity, source } = config;
  const payload = {
    summary: summaryOf(config, rendering),
    source: text(source) || inPlain(rendering, 'Tocsin'),
    severity: text(severity || 'error') || inPlain(rendering, 'error'),
    class: orOmit(text(config.class)),
    component: orOmit(text(config.component)),
    group: orOmit(text(config.group)),
  };
  const images = config.images.map(({ src, alt, href }) => ({ src: text(src), alt: text(alt), href: text(href) }));
  const links = config.links.map(({ href, text: label }) => ({ href: text(href), text: text(label) }));
  const rest = {
    client: orOmit(text(config.client)),
    client_url: orOmit(text(config.clientUrl)),
    images: orOmit(images.filter(({ src }) => src !== '')),
    links: orOmit(links.filter(({ href }) => href !== '')),
  };
  return withinSize(config, rendering, (details) => ({
    routing_key: routingKey,
    dedup_key: rendering.facts.keyHash,
    event_action: actionOf(rendering),
    payload: { ...payload, custom_details: details },
    ...rest,
  }));
}

/** An event of the Events API v1, in JSON, with members of v2 that Alertmanager sends along. */
export function eventV1(config: PagerdutyConfig, serviceKey: string, rendering: Rendering): string {
  const action = actionOf(rendering);
  const isTrigger = action === 'trigger';
  const description = orOmit(summaryOf(config, rendering));
  const client = isTrigger ? orOmit(rendering.text(config.client)) : undefined;
  const clientUrl = isTrigger ? orOmit(rendering.text(config.clientUrl)) : undefined;
  return withinSize(config, rendering, (details) => ({
    service_key: serviceKey,
    incident_key: rendering.facts.keyHash,
    event_type: action,
    description,
    event_action: '',
    payload: null,
    client,
    client_url: clientUrl,
    details,
  }));
}

function actionOf({ facts }: Rendering): 'trigger' | 'resolve' {
  return facts.status === 'firing' ? 'trigger' : 'resolve';
}

function summaryOf({ description }: PagerdutyConfig, rendering: Rendering): string {
  return truncateRunes(rendering.text(description, 'subject'), MOST_SUMMARY);
}

/** Their own names are no templates, those within are. */
function detailsOf({ details }: PagerdutyConfig, rendering: Rendering): Details {
  const rendered = Object.entries(details).map(([name, value]) => [name, rendering.value(value)] as const);
  return new Map([...rendered.filter(([, value]) => value !== undefined), ...plainDetails(rendering)]);
}

function plainDetails({ plain }: Rendering): [string, unknown][] {
  return plain === null ? [] : [['plain_message', truncateBytes(plain.body, MOST_PLAIN)]];
}

function withinSize(config: PagerdutyConfig, rendering: Rendering, event: (details: Details) => object): string {
  const json = goJson(event(detailsOf(config, rendering)));
  if (Buffer.byteLength(json) <= MOST_BYTES) return json;
  return goJson(event(new Map([['error', TOO_LARGE], ...plainDetails(rendering)])));
}
