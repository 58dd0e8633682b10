import { bool, decodeDocument, type Decoder, list, withDefault } from '@tocsin/common/config/decode';
import { parseYaml } from '@tocsin/common/config/parse-yaml';
import { type HttpConfig, resolveHttpFiles } from '@tocsin/common/http/http-config';
import { type ConfigView } from '@tocsin/common/http/http-config-view';
import { type GlobalConfig } from '../config/global.schema';
import { type DeliveryLimits, mergeLimits, type OnMuted } from '../delivery/delivery-limits';
import { deliveryField } from '../delivery/delivery-limits.schema';
import { type TemplateLanguage } from '../templates/template-language';
import { onMuted } from '../routing/route.schema';
import { type Signing, signingField } from './signing.schema';
import { type Field, type FieldTable, orNull, section, sectionView, type ValuesOf } from './field.schema';
import { broken, type Rules } from './rules';

/** What the configuration of one kind of integration is made of. */
export interface IntegrationKind<Written, Config> {
  /** Reads a list of entries: null for an entry that is null, undefined for one with mistakes. */
  readonly entries: Decoder<readonly (Written | null | undefined)[]>;
  /** An entry with all that it takes from `global`, or what is missing there. */
  inherit(written: Written, global: GlobalConfig): Inherited<Config>;
  /** What is wrong with an entry that is null. */
  problemsOfNull(global: GlobalConfig): readonly string[];
  /** The same entry with the names of files as seen from this folder. */
  resolveFiles(written: Written, folder: string): Written;
  /** As the status API shows it. */
  view(written: Written, global: GlobalConfig): ConfigView;
}

export type Inherited<Config> = { ok: true; config: Config } | { ok: false; problems: readonly string[] };

/** What integrations of a kind are built from. */
export type ConfigOf<K> = K extends IntegrationKind<infer _Written, infer Config> ? Config : never;

/** An entry of a kind as it stands in the file. */
export type WrittenOf<K> = K extends IntegrationKind<infer Written, infer _Config> ? Written : never;

/** What is particular to a kind. */
interface KindSpec<F extends FieldTable, P extends object> {
  /** As in `NAME_configs`, in metrics and in keys. */
  readonly name: string;
  /** Go type of an entry; messages name it. */
  readonly goType: string;
  /** Default of `send_resolved`. */
  readonly sendResolved: boolean;
  readonly fields: F;
  /** What an entry must keep to by itself. */
  rules?(written: Written<F>): Rules;
  /** Fields that are not as written: they come from `global`, for example. */
  inherit?(written: Written<F>, global: GlobalConfig): P;
  /** What must be there then. */
  required?(config: Complete<F, P>): Rules;
  /** What integrations are built from, where it is not what is shown. */
  finish?(config: Complete<F, P>): Complete<F, P>;
  /** Whether a null entry is one without fields, and not a mistake by itself. */
  readonly mayBeNull?: boolean;
  /** Default true: an `http_config` names files as seen from the configuration's folder. */
  readonly resolvesFiles?: boolean;
  /** Default true: an `http_config` taken from `global` is shown as its own. */
  readonly showsGlobalHttp?: boolean;
  /** Default true where there is an `http_config`: requests can be signed. */
  readonly signs?: boolean;
}

type Written<F> = ValuesOf<typeof commonFields> & ValuesOf<F>;

type Complete<F, P> = Omit<Written<F>, keyof P | 'delivery' | 'httpConfig'> &
  P & { readonly limits: DeliveryLimits; readonly templateLanguage: TemplateLanguage } & ('httpConfig' extends keyof F
    ? { readonly httpConfig: HttpConfig; readonly signing: Signing | null }
    : unknown);

const onMutedField: Field<OnMuted | null> = {
  key: 'on_muted',
  decoder: orNull(onMuted),
  show: (value) => value ?? undefined,
};

const sendResolvedField: Field<boolean> = { key: 'send_resolved', decoder: bool, show: (value) => value };

/** What every kind has: the first before its own fields, the others, which are ours, after them. */
const commonFields = { sendResolved: sendResolvedField, onMuted: onMutedField, delivery: deliveryField };

/** Makes a kind of integration. */
export function integrationKind<F extends FieldTable, P extends object = object>(
  spec: KindSpec<F, P>,
): IntegrationKind<Written<F>, Complete<F, P>> {
  const { sendResolved, ...ours } = commonFields;
  const fields: FieldTable = {
    sendResolved: { ...sendResolved, decoder: withDefault(bool, spec.sendResolved) },
    ...spec.fields,
    ...ours,
    ...('httpConfig' in spec.fields && spec.signs !== false && { signing: signingField }),
  };
  const typeName = spec.goType.replace(/\..*/, '.plain');
  const entry = asWritten<F>(section(fields, typeName, (values) => spec.rules?.(values as Written<F>) ?? []));

  function complete(written: Written<F>, global: GlobalConfig): Complete<F, P> {
    const { delivery, ...own } = written;
    return {
      ...own,
      ...('httpConfig' in fields && { signing: null, ...own, httpConfig: httpConfigOf(written) ?? global.http_config }),
      ...spec.inherit?.(written, global),
      limits: mergeLimits(global.delivery, delivery),
      templateLanguage: global.template_language,
    } as Complete<F, P>;
  }

  function inherit(written: Written<F>, global: GlobalConfig): Inherited<Complete<F, P>> {
    const config = complete(written, global);
    const problems = broken(spec.required?.(config) ?? []);
    return problems.length > 0 ? { ok: false, problems } : { ok: true, config: spec.finish?.(config) ?? config };
  }

  return {
    entries: list(orNull({ ...entry, typeName: `*${spec.goType}` })),
    inherit,

    problemsOfNull(global) {
      const inherited = spec.mayBeNull ? inherit(withoutFields(entry), global) : null;
      return inherited?.ok === false ? inherited.problems : [`missing ${spec.name} config`];
    },

    resolveFiles(written, folder) {
      const httpConfig = httpConfigOf(written);
      if (httpConfig === null || spec.resolvesFiles === false) return written;
      return { ...written, httpConfig: resolveHttpFiles(httpConfig, folder) };
    },

    view(written, global) {
      const shown = { ...complete(written, global), delivery: written.delivery };
      const isOwn = spec.showsGlobalHttp !== false;
      return sectionView(fields, isOwn ? shown : { ...shown, httpConfig: httpConfigOf(written) });
    },
  };
}

function asWritten<F>(decoder: Decoder<ValuesOf<FieldTable>>): Decoder<Written<F>> {
  return decoder as Decoder<Written<F>>;
}

/** Null where there is none, or a kind has none. */
function httpConfigOf(written: object): HttpConfig | null {
  return (written as { httpConfig?: HttpConfig | null }).httpConfig ?? null;
}

function withoutFields<T>(entry: Decoder<T>): T {
  const parsed = parseYaml('{}');
  const decoded = parsed.ok ? decodeDocument(parsed.document, entry) : parsed;
  if (!decoded.ok) throw new TypeError('an entry that may be null has no fields that must be there');
  return decoded.value;
}
