import { compareBytes } from '@tocsin/common/labels/label-set';
import { plainText } from '../../templates/plain-text';
import { type Rendering } from '../../templates/rendering';
import { orOmit } from '../go-json';
import { jsonObject } from '../json-object';
import { truncateRunes } from '../truncate';
import { alertLabel } from './jira-search';
import { type JiraConfig } from './jira.schema';

/** Source: Jira's limits, as Alertmanager keeps them. */
const MOST = { summary: 255, description: 32_767 };

/** What an issue is made from, and what one that is there is changed to. */
export interface JiraIssue {
  readonly project: string;
  readonly created: object;
  readonly updated: object;
}

/** The issue of a group. Source: Alertmanager, `jira`. */
export function jiraIssue(config: JiraConfig, rendering: Rendering): JiraIssue {
  const { facts, plain } = rendering;
  const project = rendering.required(config.project, 'project');
  const labels = config.labels.map((label) => rendering.text(label)).filter((label) => plain === null || label !== '');
  const priority = rendering.text(config.priority);
  const description = descriptionOf(config, rendering);
  const fields = new Map<string, unknown>([
    ['summary', summaryOf(config, rendering)],
    ...(description === undefined ? [] : [['description', description] as const]),
    ['issuetype', { name: orOmit(rendering.required(config.issueType, 'issue_type')) }],
    ['labels', [...labels, alertLabel(facts)].sort(compareBytes)],
    ...(priority === '' ? [] : [['priority', { name: priority }] as const]),
    ['project', { key: project }],
  ]);
  const own = Object.entries(config.fields).map(([name, value]) => [name, rendering.value(value)] as const);
  const ownFields = own.filter(([, value]) => value !== undefined);
  const kept = new Map(fields);
  if (config.summary.enableUpdate === false) kept.delete('summary');
  if (config.description.enableUpdate === false) kept.delete('description');
  return {
    project,
    created: { fields: new Map([...fields, ...ownFields]) },
    updated: { fields: new Map([...kept, ...ownFields]) },
  };
}

/** In one line: Jira takes no other. */
function summaryOf({ summary }: JiraConfig, rendering: Rendering): string {
  const text = rendering.text(summary.template, 'subject').replace(/\s*[\r\n]\s*/g, ' ');
  return truncateRunes(text, MOST.summary);
}

/** Undefined for none. Version 3 of the API takes documents only. */
function descriptionOf({ description, apiUrl }: JiraConfig, rendering: Rendering): unknown {
  const text = rendering.text(description.template, 'body');
  const cut = truncateRunes(text, MOST.description);
  if (!isVersion3(apiUrl)) return orOmit(cut);
  if (text.trim() === '') return undefined;
  const document = jsonObject(text);
  if (document === null) return documentOf(cut);
  if (cut === text) return document;
  // Half a document is none.
  return documentOf(plainText(rendering.facts, 'its description is longer than Jira takes').body);
}

function isVersion3(apiUrl: string): boolean {
  return URL.canParse(apiUrl) && /\/3\/*$/.test(new URL(apiUrl).pathname);
}

/** Lines as a document. Source: Atlassian Document Format. */
function documentOf(text: string): object {
  const paragraphs = text.split('\n').map((line) => ({
    type: 'paragraph',
    content: line === '' ? [] : [{ type: 'text', text: line }],
  }));
  return { type: 'doc', version: 1, content: paragraphs };
}
