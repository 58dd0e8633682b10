import { type Labels } from '@tocsin/common/labels/label-set';
import { type StoredAlert } from '../alerts/alert-book';
import { type GroupRef } from './groups';

/** The labels that a group has of its route; `members` are those they are rendered on. */
export type RouteLabelsOf = (group: GroupRef, members: readonly StoredAlert[], nowMs: number) => Labels;

/** Labels without templates are as they stand in the file. */
export const plainRouteLabels: RouteLabelsOf = ({ route }) => route.labels;
