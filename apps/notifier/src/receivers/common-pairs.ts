import { labelsOf, labelValue, type Labels, NO_LABELS } from '@tocsin/common/labels/label-set';

/** The pairs that all of these sets have. */
export function commonPairs(sets: readonly Labels[]): Labels {
  const [first, ...others] = sets;
  if (first === undefined || others.length === 0) return first ?? NO_LABELS;
  const common: [string, string][] = [];
  for (const name of Object.keys(first)) {
    const value = labelValue(first, name);
    if (value !== undefined && others.every((set) => labelValue(set, name) === value)) common.push([name, value]);
  }
  return labelsOf(common);
}
