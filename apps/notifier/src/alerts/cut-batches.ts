import { type AlertWrite } from './alert-book';

/** Most alerts in one commit. */
export const MAX_BATCH_WRITES = 256;

/** Most text in one commit, bytes as estimated; a single alert may be larger. */
export const MAX_BATCH_BYTES = 256 * 1024;

/** Cuts writes, in order, into batches so small that no commit stalls Redis. */
export function cutBatches(writes: readonly AlertWrite[]): AlertWrite[][] {
  const batches: AlertWrite[][] = [];
  let batch: AlertWrite[] = [];
  let bytes = 0;
  for (const write of writes) {
    const size = estimatedBytes(write);
    if (batch.length === MAX_BATCH_WRITES || (batch.length > 0 && bytes + size > MAX_BATCH_BYTES)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(write);
    bytes += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** Times, fingerprint, version and what surrounds them. */
const FIXED_BYTES = 120;

/** Quotes, colon and comma around a name and its value. */
const PAIR_BYTES = 6;

/** Text outside ASCII takes more bytes than counted here, up to three times as many. */
function estimatedBytes(write: AlertWrite): number {
  if (write.kind !== 'store') return FIXED_BYTES;
  const { labels, annotations, generatorURL } = write.alert;
  return 2 * FIXED_BYTES + generatorURL.length + textLength(labels) + textLength(annotations);
}

function textLength(texts: Readonly<Record<string, string>>): number {
  let length = 0;
  for (const name in texts) length += name.length + texts[name]!.length + PAIR_BYTES;
  return length;
}
