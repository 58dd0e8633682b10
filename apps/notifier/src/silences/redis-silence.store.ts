import { luaCommand, runLua } from '@tocsin/common/redis/lua-command.loader';
import { type RedisAlertBook, type StreamWriter } from '../alerts/redis-alert-book.store';
import { changeSnippets } from '../alerts/redis-alert-commands';
import { statesOf } from './redis-silence-commands';
import { encodeBody } from './silence-codec';
import { type SilenceState } from './silence-replica';
import {
  type SilenceChange,
  type SilenceStore,
  type SilenceView,
  type SilenceWrite,
  type SilenceWriteResult,
} from './silence-store';
import writeSilencesLua from './commands/writeSilences-4.lua';

const writeSilences = luaCommand('writeSilences-4', writeSilencesLua, changeSnippets);

/** Results of `writeSilences`. */
const CONFLICT = -1;
const LIMIT = -2;
const WRITTEN = 1;

/** Silences in Redis. The alert book follows the change stream for them, too. */
export class RedisSilenceStore implements SilenceStore {
  constructor(private readonly book: Pick<RedisAlertBook, 'silences' | 'writeEntry'>) {}

  get silences(): SilenceView {
    return this.book.silences;
  }

  async write(writes: readonly SilenceWrite[], maxCount: number): Promise<SilenceWriteResult> {
    let result: SilenceWriteResult = 'written';
    await this.book.writeEntry(async (stream) => {
      const [position, code, ...pairs] = await run(stream, writes, maxCount);
      if (code === WRITTEN)
        this.book.silences.apply(
          position,
          writes.map((write) => afterWrite(write, position)),
        );
      if (code === CONFLICT) this.book.silences.apply(position, statesOf(pairs));
      if (code === CONFLICT || code === LIMIT) result = code === CONFLICT ? 'conflict' : 'limit';
      return code === WRITTEN ? position : null;
    });
    return result;
  }

  onChange(listener: (changes: readonly SilenceChange[]) => void): void {
    this.book.silences.onChange(listener);
  }
}

async function run(
  { redis, keys, nowMs, writer, keepMs }: StreamWriter,
  writes: readonly SilenceWrite[],
  maxCount: number,
): Promise<[position: number, code: number, ...pairs: (string | null)[]]> {
  const stores: string[] = [];
  const forgets: string[] = [];
  for (const write of writes) {
    if (write.kind === 'forget') forgets.push(write.id);
    else stores.push(write.silence.id, String(write.expectedVersion), encodeBody(write.silence));
  }
  const reply = await runLua(
    redis,
    writeSilences,
    [keys.alertPosition(), keys.silences(), keys.alertChanges(), keys.alertChangeMarks()],
    [nowMs, writer, keepMs, maxCount, stores.length / 3, ...stores, ...forgets],
  );
  return reply as [number, number, ...(string | null)[]];
}

function afterWrite(write: SilenceWrite, version: number): SilenceState {
  return write.kind === 'forget'
    ? { id: write.id, silence: null }
    : { id: write.silence.id, silence: { ...write.silence, version } };
}
