import { labelSetsEqual } from '@tocsin/common/labels/label-set';
import { type Sample } from '../datasource/datasource';
import { type Expansion } from '../evaluation/expansion';
import { type External } from '../evaluation/rule-template';
import { type NamedTemplates } from '../rules/rule-group';
import { type TrackedAlert } from './alert-state';

type Annotated = Pick<TrackedAlert, 'annotations' | 'annotationSource'>;

/** The annotations of the alert a sample makes; expanded only where they could differ from those it has,
 *  else it is the known alert that is answered. */
export function annotationsOf(
  templates: NamedTemplates,
  sample: Sample,
  external: External,
  known: TrackedAlert | undefined,
  expansion: Expansion,
): Annotated {
  if (known?.annotationSource && Object.is(known.value, sample.value)) {
    const { annotationSource } = known;
    const isSame =
      annotationSource.templates === templates &&
      annotationSource.external.url === external.url &&
      annotationSource.external.labels === external.labels &&
      labelSetsEqual(annotationSource.labels, sample.labels);
    if (isSame) return known;
  }
  const { texts, isLasting } = expansion.expandAll(templates, sample);
  return { annotations: texts, annotationSource: isLasting ? { templates, external, labels: sample.labels } : null };
}
