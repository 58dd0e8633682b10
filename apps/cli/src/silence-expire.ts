import { callNotifier } from './call-api';
import { type RunCommand, UsageError } from './command';

/** `tocsin silence expire`. Source: amtool, command `silence expire`. One that fails does not keep the others. */
export const silenceExpire: RunCommand = async (flags, ids, console) => {
  let code = 0;
  for (const id of ids) {
    try {
      const path = `/api/v2/silence/${encodeURIComponent(id)}`;
      await callNotifier(flags, { method: 'DELETE', path });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      console.err(`tocsin: error: ${id}: ${error.message}\n`);
      code = 1;
    }
  }
  return code;
};
