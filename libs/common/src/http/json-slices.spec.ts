import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyReply } from 'fastify';
import { expect, it } from 'vitest';
import { sendJsonPieces } from './json-slices.sender';

function sent(pieces: Iterable<string>): unknown {
  let payload: unknown;
  const reply = {
    header: () => reply,
    send: (value: unknown) => {
      payload = value;
    },
  };
  sendJsonPieces(reply as unknown as FastifyReply, pieces);
  return payload;
}

it('sends little at once, with its length', () => {
  expect(sent(['[', '"é"', ']'])).toEqual(Buffer.from('["é"]'));
  expect(sent([])).toEqual(Buffer.from(''));
});

it('sends much in slices and lets others have their turn in between', async () => {
  const pieces = Array.from({ length: 100 }, (_, n) => `é${n},`.repeat(5_000));
  let turns = 0;
  let ended = false;
  const others = (): void => {
    turns++;
    if (!ended) setImmediate(others);
  };
  others();
  const chunks: Buffer[] = [];
  const sink = new Writable({ write: (chunk: Buffer, _encoding, done) => (chunks.push(chunk), done()) });
  await pipeline(sent(pieces) as NodeJS.ReadableStream, sink);
  ended = true;
  expect(Buffer.concat(chunks).toString()).toBe(pieces.join(''));
  expect(chunks.length).toBeGreaterThan(10);
  expect(turns).toBeGreaterThanOrEqual(chunks.length - 2);
});
