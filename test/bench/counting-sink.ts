/**
 * A webhook receiver in a process of its own: answers 200 and notes when each group was told.
 *
 * It reads HTTP straight from the socket, because it shares the machine with the server it measures: a full HTTP server
 * would cost as much as the sender.
 */
import { createServer, type Socket } from 'node:net';
import { portOf } from '../support/free-port';
import { type Told } from './told';

const ANSWER = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
const GROUP_LABELS = Buffer.from('"groupLabels":{');
const HEAD_END = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);

let told: Told[] = [];

function take(socket: Socket): void {
  let waiting: Buffer = NOTHING;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    for (let end = requestEnd(waiting); end > 0 && end <= waiting.length; end = requestEnd(waiting)) {
      told.push([groupOf(waiting.subarray(0, end)), performance.timeOrigin + performance.now()]);
      waiting = waiting.subarray(end);
      socket.write(ANSWER);
    }
  });
}

/** Length of the first request in the buffer, which may not be there whole yet; 0 while its head is not. */
function requestEnd(buffer: Buffer): number {
  const headEnd = buffer.indexOf(HEAD_END);
  if (headEnd === -1) return 0;
  const length = /\r\ncontent-length: *(\d+)/i.exec(buffer.toString('latin1', 0, headEnd));
  if (!length) throw new Error('the sink needs requests with a Content-Length');
  return headEnd + HEAD_END.length + Number(length[1]);
}

function groupOf(request: Buffer): string {
  const start = request.indexOf(GROUP_LABELS) + GROUP_LABELS.length;
  return request.toString('utf8', start, request.indexOf('}', start));
}

const server = createServer(take);
server.listen(0, '127.0.0.1', () => process.send?.({ port: portOf(server.address()) }));

process.on('message', (question: 'count' | 'take') => {
  if (question === 'count') process.send?.({ count: told.length });
  if (question === 'take') {
    process.send?.({ told });
    told = [];
  }
});
process.on('disconnect', () => process.exit());
