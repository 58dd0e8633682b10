import { readFileSync } from 'node:fs';
import { fileReason } from '@tocsin/common/errors/file-reason';
import { callNotifier } from './call-api';
import { type RunCommand, UsageError } from './command';

/** `tocsin config push` */
export const pushConfig: RunCommand = async (flags, [file = ''], console) => {
  const call = { method: 'POST', path: '/api/tocsin/v1/config', body: { config: textOf(file) } } as const;
  await callNotifier(flags, call);
  console.out(`${file} runs on all notifiers within seconds\n`);
  return 0;
};

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${fileReason(error)}`);
  }
}
