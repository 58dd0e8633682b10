import { type EgressPolicy } from '@tocsin/common/http/egress-policy';
import { type ClientSpans } from '@tocsin/common/http/http-spans';
import { type Clock } from '@tocsin/common/time/clock';
import { type Templates } from '../templates/templates';

/** What every integration gets from the program around it and from its configuration. */
export interface IntegrationContext extends OutgoingContext {
  readonly templates: Templates;
}

/** What every integration gets from the program around it. */
export interface OutgoingContext {
  /** `Tocsin/<version>`. */
  readonly userAgent: string;
  /** Where people reach this notifier, without a trailing slash; known once it listens. */
  externalUrl(): string;
  readonly clock: Clock;
  /** For `proxy_from_environment`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Traces the requests to receivers. Default: nobody does. */
  readonly spans?: ClientSpans;
  /** Where receivers may be. Default: anywhere. */
  readonly egress?: EgressPolicy;
}
