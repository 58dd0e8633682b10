import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { open } from 'lmdb';
import { AppError } from '../errors/app-error';
import { STORAGE_IN_USE } from './embedded.errors';
import { makeFolder } from './make-folder.client';

/** A folder held by this process until released or until the process ends, however it ends. */
export interface FolderLock {
  release(): Promise<void>;
}

/** Who holds a folder: the socket it listens on as long as it lives, in the lock folder unless the path is absolute. */
interface Holder {
  socket: string;
  pid: number;
}

/** Socket names of the locks this process holds. */
const ownSockets = new Set<string>();

/** Connections that a busy or stopped holder has not taken yet, at most; further ones fail with another error than those
 *  to a dead one. */
const BACKLOG = 8;

/**
 * Holds a folder for this process alone, or refuses with the holder's pid.
 *
 * Whoever holds it listens on a socket, which the kernel closes with the process: no pid is compared (containers reuse
 * them) and no time-out is waited for. Which socket counts is a record that is replaced by compare-and-swap in a small
 * LMDB of its own, so that of several starters that find a dead holder exactly one takes over.
 */
export async function lockFolder(path: string): Promise<FolderLock> {
  const folder = join(path, 'lock');
  makeFolder(folder);
  const { server, socket } = await listen(folder);
  try {
    for (;;) {
      const holder = readHolder(folder);
      if (holder && (await answers(resolve(folder, holder.socket)))) throw inUse(path, holder);
      if (!replaceHolder(folder, holder, { socket, pid: process.pid })) continue;
      if (holder) rmSync(resolve(folder, holder.socket), { force: true });
      ownSockets.add(socket);
      return { release: () => end(server).then(() => void ownSockets.delete(socket)) };
    }
  } catch (error) {
    await end(server);
    throw error;
  }
}

function inUse(path: string, holder: Holder): AppError {
  const who = ownSockets.has(holder.socket) ? 'this process already' : `another Tocsin process (pid ${holder.pid})`;
  return new AppError(STORAGE_IN_USE, `storage path ${resolve(path)} is in use by ${who}`);
}

/** Listens in the folder, or, where its path is too long for a socket (some 100 bytes) or its file system has none, in the
 *  system's temporary folder. */
async function listen(folder: string): Promise<{ server: Server; socket: string }> {
  const name = `holder-${randomBytes(6).toString('hex')}.sock`;
  const near = await listenOn(join(folder, name)).catch(() => null);
  if (near) return { server: near, socket: name };
  const socket = join(tmpdir(), `tocsin-${name}`);
  return { server: await listenOn(socket), socket };
}

function listenOn(path: string): Promise<Server> {
  return new Promise((done, failed) => {
    const server = createServer((connection) => connection.destroy());
    server.once('error', failed);
    server.listen({ path, backlog: BACKLOG }, () => {
      server.unref();
      done(server);
    });
  });
}

function end(server: Server): Promise<void> {
  return new Promise((done) => server.close(() => done()));
}

/** Whether someone listens; a stopped or busy process does, because the kernel takes the connection for it. */
function answers(socketPath: string): Promise<boolean> {
  return new Promise((done) => {
    const connection = connect(socketPath);
    const finish = (alive: boolean): void => {
      connection.destroy();
      done(alive);
    };
    connection.once('connect', () => finish(true));
    connection.once('error', (error: NodeJS.ErrnoException) =>
      finish(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  });
}

const HOLDER = 'holder';

function readHolder(folder: string): Holder | null {
  return withRecords(folder, (records) => records.get(HOLDER) ?? null);
}

/** Compare-and-swap under LMDB's write lock, which the kernel frees when its owner dies. */
function replaceHolder(folder: string, expected: Holder | null, next: Holder): boolean {
  return withRecords(folder, (records) =>
    records.transactionSync(() => {
      if (records.get(HOLDER)?.socket !== expected?.socket) return false;
      records.putSync(HOLDER, next);
      return true;
    }),
  );
}

function withRecords<T>(folder: string, use: (records: ReturnType<typeof open<Holder, string>>) => T): T {
  const records = open<Holder, string>({ path: folder, noSubdir: false, encoding: 'json', maxDbs: 1 });
  try {
    return use(records);
  } finally {
    void records.close();
  }
}
