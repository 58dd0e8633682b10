import { type Decoder, string, withDefault } from '@tocsin/common/config/decode';
import { isScalar } from 'yaml';
import {
  anyMap,
  durationMs,
  type Field,
  flagOrUnset,
  httpConfigField,
  section,
  sectionView,
  text,
  texts,
  url,
} from '../field.schema';
import { type ConfigOf, integrationKind } from '../integration-kind.schema';
import { isSet, or } from '../rules';

/** A field of an issue. */
export interface JiraField {
  readonly template: string;
  /** Whether it is written again when the issue is updated; null: yes. */
  readonly enableUpdate: boolean | null;
}

/** Source: Alertmanager configuration, `jira_config`. */
export const jira = integrationKind({
  name: 'jira',
  goType: 'jira.JiraConfig',
  sendResolved: true,
  fields: {
    httpConfig: httpConfigField,
    apiUrl: url('api_url'),
    apiType: text('api_type', 'auto'),
    project: text('project'),
    summary: issueField('summary', '{{ template "jira.default.summary" . }}'),
    description: issueField('description', '{{ template "jira.default.description" . }}'),
    labels: texts('labels'),
    priority: text('priority', '{{ template "jira.default.priority" . }}'),
    issueType: text('issue_type'),
    reopenTransition: text('reopen_transition'),
    resolveTransition: text('resolve_transition'),
    wontFixResolution: text('wont_fix_resolution'),
    reopenDurationMs: durationMs('reopen_duration'),
    fields: anyMap('fields'),
  },
  rules: (own) => [
    [!isSet(own.project), 'missing project in jira_config'],
    [!isSet(own.issueType), 'missing issue_type in jira_config'],
    [
      !['auto', 'cloud', 'datacenter'].includes(own.apiType),
      'unknown api_type on jira_config, must be auto, cloud or datacenter',
    ],
  ],
  inherit: (own, global) => ({ apiUrl: or(own.apiUrl, global.jira_api_url) }),
  required: ({ apiUrl }) => [[!isSet(apiUrl), 'no global Jira Cloud URL set']],
});

/** An entry of `jira_configs` in effect. */
export type JiraConfig = ConfigOf<typeof jira>;

/** A template, or a section with one. */
function issueField(key: string, fallback: string): Field<JiraField> {
  const fields = { template: text('template', fallback), enableUpdate: flagOrUnset('enable_update') };
  const long = section(fields, 'jira.plain');
  const either: Decoder<JiraField> = {
    typeName: 'jira.JiraFieldConfig',
    decode: (place, context) => {
      if (place.node !== null && !isScalar(place.node)) return long.decode(place, context);
      return { template: string.decode(place, context) ?? '', enableUpdate: null };
    },
  };
  return {
    key,
    decoder: withDefault(either, { template: fallback, enableUpdate: null }),
    show: (value) => sectionView(fields, value),
  };
}
