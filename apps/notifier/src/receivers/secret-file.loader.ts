import { readFile } from 'node:fs/promises';
import { type Secret } from '@tocsin/common/config/secret';
import { fileReason } from '@tocsin/common/errors/file-reason';
import { type DeliveryOutcome } from '../delivery/delivery-outcome';

/** A setting, or why there is none. */
export type Setting =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly outcome: DeliveryOutcome };

/** A setting that may be in a file, which is read each time so that a new value counts at once, and may not be empty. `name` is that of the file's
 *  field; Alertmanager trims what it reads, but for some. */
export async function settingOf(
  value: Secret | string,
  file: string,
  name: string,
  trim: 'trim' | 'as it is' = 'trim',
): Promise<Setting> {
  if (file === '') return { ok: true, text: typeof value === 'string' ? value : value.reveal() };
  try {
    const text = await readFile(file, 'utf8');
    // While it is changed a file may be empty for a moment.
    if (text.trim() === '') return unreadable(name, file, 'it is empty');
    return { ok: true, text: trim === 'trim' ? text.trim() : text };
  } catch (error) {
    return unreadable(name, file, fileReason(error));
  }
}

function unreadable(name: string, file: string, reason: string): Setting {
  return { ok: false, outcome: { kind: 'retryable', reason: 'other', message: `read ${name} ${file}: ${reason}` } };
}
