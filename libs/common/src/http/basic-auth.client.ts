import { createHmac, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { type Secret } from '../config/secret';
import { decoyHash } from './bcrypt-hash';

/** Answers kept; of more the oldest go. */
const MAX_KEPT = 100;

/** Compares in a thread of its own: a hash takes as long as its cost says, and notifications must not wait for it. */
const WORKER = `
const { parentPort, workerData } = require('node:worker_threads');
const bcrypt = require(workerData);
parentPort.on('message', ({ id, password, hash }) => {
  let matches = false;
  try {
    matches = bcrypt.compareSync(password, hash);
  } catch {}
  parentPort.postMessage({ id, matches });
});
`;

/** Checks passwords against bcrypt hashes, each pair once. */
export class BasicAuth {
  private readonly kept = new Map<string, Promise<boolean>>();
  private readonly waiting = new Map<number, (matches: boolean) => void>();
  /** So that a dump of memory shows no passwords. */
  private readonly salt = randomBytes(32);
  private worker: Worker | null = null;
  private lastId = 0;

  /** Whether an `Authorization` header names one of these users, with its password. */
  async admits(header: string | undefined, users: ReadonlyMap<string, Secret>): Promise<boolean> {
    const given = credentialsOf(header);
    if (given === null) return false;
    const known = users.get(given.user);
    // Unknown users take as long as known ones, so that nobody learns who is one.
    const hash = known?.reveal() ?? decoyHash([...users.values()].map((one) => one.reveal()));
    const matches = await this.matches(given.password, hash, given.user);
    return known !== undefined && matches;
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
  }

  private matches(password: string, hash: string, user: string): Promise<boolean> {
    const key = createHmac('sha256', this.salt)
      .update(JSON.stringify([user, hash, password]))
      .digest('base64');
    const kept = this.kept.get(key);
    if (kept !== undefined) return kept;
    const answer = this.compare(password, hash);
    const [oldest] = this.kept.keys();
    if (oldest !== undefined && this.kept.size >= MAX_KEPT) this.kept.delete(oldest);
    this.kept.set(key, answer);
    return answer;
  }

  private compare(password: string, hash: string): Promise<boolean> {
    const id = ++this.lastId;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.runningWorker().postMessage({ id, password, hash });
    });
  }

  private runningWorker(): Worker {
    if (this.worker !== null) return this.worker;
    const bcrypt = createRequire(import.meta.url).resolve('bcryptjs');
    const worker = new Worker(WORKER, { eval: true, workerData: bcrypt });
    worker.unref();
    worker.on('message', ({ id, matches }: { id: number; matches: boolean }) => {
      this.waiting.get(id)?.(matches);
      this.waiting.delete(id);
    });
    // Nobody is let in for want of an answer; the next one who asks starts another thread.
    worker.on('exit', () => {
      this.worker = null;
      this.kept.clear();
      for (const resolve of this.waiting.values()) resolve(false);
      this.waiting.clear();
    });
    worker.on('error', () => undefined);
    return (this.worker = worker);
  }
}

/** Source: Go `Request.BasicAuth`. */
function credentialsOf(header: string | undefined): { user: string; password: string } | null {
  const [, encoded] = /^basic (.*)$/i.exec(header ?? '') ?? [];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
