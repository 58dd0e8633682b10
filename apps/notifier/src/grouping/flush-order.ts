import { compareBytes, compareLabelSets, type Labels, labelValue } from '@tocsin/common/labels/label-set';

/** Order of the alerts in a notification: by `job`, then `instance` (alerts without them last), then by label set. */
export function flushOrder(a: { readonly labels: Labels }, b: { readonly labels: Labels }): number {
  return (
    compareBy('job', a.labels, b.labels) ||
    compareBy('instance', a.labels, b.labels) ||
    compareLabelSets(a.labels, b.labels)
  );
}

function compareBy(name: string, a: Labels, b: Labels): number {
  const valueA = labelValue(a, name);
  const valueB = labelValue(b, name);
  if (valueA === valueB) return 0;
  if (valueA === undefined) return 1;
  if (valueB === undefined) return -1;
  return compareBytes(valueA, valueB);
}
