import { type Labels } from '@tocsin/common/labels/label-set';
import { instantOfMs } from '@tocsin/go-template/go/instant';
import { LOCAL } from '@tocsin/go-template/go/zone';
import { type GivenAlert, type GivenGroup } from './given-group';

const commonLabels = numbered('commonlabel');
const commonAnnotations = numbered('commonannotation');

/** The alerts that are rendered where nobody gives any. Source: amtool, command `template render`; its values are nobody's
 *  mistake, `alertstatus` included. */
export function sampleGroup(nowMs: number): GivenGroup {
  const alert = (at: number, minutes: number, labels: Labels, annotations: Labels): GivenAlert => ({
    status: STATUS,
    labels: { ...labels, ...commonLabels },
    annotations: { ...annotations, ...commonAnnotations },
    startsAt: instantOfMs(nowMs - minutes * 60_000, LOCAL),
    endsAt: instantOfMs(nowMs, LOCAL),
    generatorURL: 'https://generatorurl.com',
    fingerprint: `fingerprint${at}`,
  });
  return {
    receiver: 'receiver',
    status: STATUS,
    alerts: [
      alert(
        1,
        5,
        { label1: 'value1', label2: 'value2', instance: 'foo.bar:1234' },
        { annotation1: 'value1', annotation2: 'value2' },
      ),
      alert(2, 10, { foo: 'bar', baz: 'qux' }, { aaa: 'bbb', ccc: 'ddd' }),
    ],
    reason: '',
    groupLabels: numbered('grouplabel'),
    commonLabels,
    commonAnnotations,
    routeLabels: {},
    externalUrl: 'https://example.com',
  };
}

const STATUS = 'alertstatus';

function numbered(name: string): Labels {
  return { [`${name}key1`]: `${name}value1`, [`${name}key2`]: `${name}value2` };
}
