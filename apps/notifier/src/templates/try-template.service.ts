import { type Clock } from '@tocsin/common/time/clock';
import { type ActiveConfig } from '../config/active-config';
import { NotificationFacts } from './notification-facts';
import { withHandlebars } from './open-templates.loader';
import { syntheticGroups } from './synthetic-groups';
import { type TemplateLanguage } from './template-language';
import { type Rendered } from './templates';
import { type TriedGroup, triedNotification } from './tried-group';

/** A text that somebody wants to see rendered. */
export interface TriedTemplate {
  readonly template: string;
  /** Null: that of the receiver, else that of `global`. */
  readonly language: TemplateLanguage | null;
  readonly type: 'text' | 'html';
  /** Null: none, of some name. */
  readonly receiver: string | null;
  /** Null: a small group of our own. */
  readonly group: TriedGroup | null;
}

/** Renders texts as a receiver of the running configuration would, with its templates. Nothing is sent, and nothing but
 *  the given alerts can be seen. */
export class TryTemplateService {
  constructor(
    private readonly active: Pick<ActiveConfig, 'config'>,
    private readonly clock: Pick<Clock, 'nowMs'>,
    private readonly externalUrl: () => string,
  ) {}

  async render({
    template,
    language,
    type,
    receiver: name,
    group,
  }: TriedTemplate): Promise<Rendered | 'no such receiver'> {
    const { config } = this.active;
    const receiver = config.receivers.find((one) => one.name === name);
    if (name !== null && receiver === undefined) return 'no such receiver';
    const chosen = language ?? receiver?.templateLanguage ?? config.templateLanguage;
    // Where no receiver uses Handlebars, whoever is about to change that may try it.
    const library = chosen === 'go' ? config.templates : await withHandlebars(config.templates);
    return library[chosen].once(this.factsOf(name ?? 'receiver', group))[type](template);
  }

  private factsOf(receiver: string, group: TriedGroup | null): NotificationFacts {
    const externalUrl = this.externalUrl();
    if (group !== null) {
      return new NotificationFacts(triedNotification(group, this.clock.nowMs()), receiver, externalUrl);
    }
    const [first] = syntheticGroups(receiver, externalUrl);
    if (first === undefined) throw new Error('there are synthetic groups');
    return first.facts;
  }
}
