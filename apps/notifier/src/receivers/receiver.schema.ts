import { type Decoder, map, object, string, withDefault } from '@tocsin/common/config/decode';
import { goQuote } from '@tocsin/common/labels/go-quote';
import { labelValue } from '@tocsin/common/labels/label-set';
import { type TemplateLanguage } from '../templates/template-language';
import { templateLanguage } from '../templates/template-language.schema';
import { type Kind, kindNames, kinds, type Written } from './kinds.schema';

/** A receiver as written. */
export interface ReceiverFields {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Null: as `global` says. */
  readonly templateLanguage: TemplateLanguage | null;
  /** Null for an entry that is null, undefined for one with mistakes: a checked file has neither. */
  readonly entries: EntriesByKind;
}

export type EntriesByKind = { readonly [K in Kind]: readonly (Written[K] | null | undefined)[] };

/** Required, and not empty. */
const receiverName: Decoder<string> = {
  ...string,
  decode: (place, context) => {
    const name = string.decode(place, context);
    if (name !== '') return name;
    return context.report(place.offset, place.path, 'missing name in receiver', place.path.slice(0, -1));
  },
  absent: ({ offset, path }, context) => context.report(offset, path, 'missing name in receiver', path.slice(0, -1)),
};

const fields = object(
  {
    name: receiverName,
    labels: withDefault(map(string), {}),
    template_language: withDefault(templateLanguage, null),
    ...Object.fromEntries(
      kindNames.map((kind) => [sectionOf(kind), withDefault<unknown, unknown>(kinds[kind].entries, [])]),
    ),
  },
  'config.plain',
);

/** Source: Alertmanager configuration, `receiver`. It is read also where some of its entries have mistakes. */
export const receiver: Decoder<ReceiverFields> = {
  typeName: 'config.Receiver',
  decode: (place, context) => {
    const before = context.count;
    const raw = fields.decode(place, context);
    if (raw === undefined) return undefined;
    const { name, labels, template_language: language } = raw;
    const label = context.count > before ? undefined : labelValue(labels, 'name');
    if (label !== undefined && label !== name) {
      const path = [...place.path, 'labels', 'name'];
      const message = `receiver label "name" must match receiver name ${goQuote(name)}, got ${goQuote(label)}`;
      context.report(context.document.offsetOf(path), path, message, place.path);
    }
    return { name, labels, templateLanguage: language, entries: entriesOf(raw) };
  },
};

/** The key of a kind's entries. */
export function sectionOf(kind: Kind): `${Kind}_configs` {
  return `${kind}_configs`;
}

function entriesOf(raw: Readonly<Record<string, unknown>>): EntriesByKind {
  return Object.fromEntries(kindNames.map((kind) => [kind, raw[sectionOf(kind)] ?? []])) as unknown as EntriesByKind;
}
