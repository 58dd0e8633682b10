import { type GivenGroup } from './given-group';
import { type NotificationFacts } from './notification-facts';

/** Renders templates of a configuration for one notification. Source: Alertmanager, `template.Template`. */
export interface Templates {
  /** Everything rendered with it sees the same data, which is made once. `routeLabel` gives the labels of the route by name;
   *  default: those of the notification. */
  of(facts: NotificationFacts, routeLabel?: RouteLabelOf): TemplateRun;
  /** For texts that are not of the configuration: nothing is kept of them. */
  once(data: NotificationFacts | GivenGroup): TemplateRun;
}

/** The label of a route, '' for one that it does not have. */
export type RouteLabelOf = (name: string) => Rendered;

/** Templates on the data of one notification. */
export interface TemplateRun {
  /** As Go `text/template` does. */
  text(source: string): Rendered;
  /** As Go `html/template` does. */
  html(source: string): Rendered;
}

/** A failure says where: `template: NAME:LINE:COL: …`. */
export type Rendered = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: string };
