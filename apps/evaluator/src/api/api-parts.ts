import { type BuildInfo } from '@tocsin/common/metrics/build-info';
import { type RuleGroup } from '../rules/rule-group';
import { type GroupStatesService } from '../state/group-states.service';
import { type ViewedGroup } from './rule-view';

export const API_PARTS = Symbol('ApiParts');

/** What the API answers from. */
export interface ApiParts {
  readonly build: BuildInfo;
  /** As of the last reload. */
  groups(): readonly RuleGroup[];
  readonly states: GroupStatesService;
}

/** All groups with their states, whichever instance evaluated them. */
export function viewedGroups({ groups, states }: ApiParts): Promise<ViewedGroup[]> {
  return Promise.all(groups().map(async (group) => ({ group, state: await states.view(group.id) })));
}
