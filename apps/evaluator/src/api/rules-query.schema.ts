import { createHash } from 'node:crypto';
import { groupKey } from '../rules/rule-group';
import { goQuote } from '@tocsin/common/labels/go-quote';
import { type RuleFilter, type RuleGroupView } from './rule-view';

export interface RulesQuery {
  readonly filter: RuleFilter;
  /** Most groups of one answer; null is all. */
  readonly groupLimit: number | null;
  /** Where the page begins; null is at the first group. */
  readonly groupNextToken: string | null;
}

export type ParsedRulesQuery = { ok: true; query: RulesQuery } | { ok: false; error: string };

const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

/** Reads the parameters of `/api/v1/rules`. Source: Prometheus' HTTP API. */
export function parseRulesQuery(parameters: URLSearchParams): ParsedRulesQuery {
  const refused = (name: string, why: string): ParsedRulesQuery => {
    return { ok: false, error: `invalid parameter ${goQuote(name)}: ${why}` };
  };
  const type = (parameters.get('type') ?? '').toLowerCase();
  if (type !== '' && type !== 'alert' && type !== 'record') {
    return refused('type', `not supported value ${goQuote(parameters.get('type') ?? '')}`);
  }
  if (parameters.has('match[]')) return refused('match[]', 'not supported yet by this version of Tocsin');
  const exclude = parameters.get('exclude_alerts') ?? '';
  if (exclude !== '' && !TRUE.includes(exclude) && !FALSE.includes(exclude)) {
    return refused('exclude_alerts', `error converting exclude_alerts: ${goQuote(exclude)} is not a boolean`);
  }
  const limit = parameters.get('group_limit') ?? '';
  if (limit !== '' && !/^[1-9]\d{0,8}$/.test(limit))
    return refused('group_limit', 'group_limit must be a positive number');
  const token = parameters.get('group_next_token') ?? '';
  if (token !== '' && limit === '') {
    return refused('group_limit', 'group_limit needs to be present in order to paginate over the groups');
  }
  return {
    ok: true,
    query: {
      filter: {
        type: type === '' ? null : type,
        ruleNames: parameters.getAll('rule_name[]'),
        ruleGroups: parameters.getAll('rule_group[]'),
        files: parameters.getAll('file[]'),
        excludeAlerts: TRUE.includes(exclude),
      },
      groupLimit: limit === '' ? null : Number(limit),
      groupNextToken: token === '' ? null : token,
    },
  };
}

export type RulesPage =
  { ok: true; groups: readonly RuleGroupView[]; groupNextToken?: string } | { ok: false; error: string };

/** The part of the groups that was asked for. */
export function pageOf(groups: readonly RuleGroupView[], { groupLimit, groupNextToken }: RulesQuery): RulesPage {
  if (groupLimit === null) return { ok: true, groups };
  const start = groupNextToken === null ? 0 : groups.findIndex((group) => tokenOf(group) === groupNextToken);
  if (start === -1) {
    return { ok: false, error: `invalid group_next_token '${groupNextToken}'. were rule groups changed?` };
  }
  const next = groups[start + groupLimit];
  const page = groups.slice(start, start + groupLimit);
  return { ok: true, groups: page, ...(next && { groupNextToken: tokenOf(next) }) };
}

function tokenOf(group: Pick<RuleGroupView, 'file' | 'name'>): string {
  return createHash('sha256').update(groupKey(group)).digest('hex');
}
