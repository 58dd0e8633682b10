import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { callApi } from './call-api';
import { UsageError } from './command';

it.each([
  ['a text in JSON', 400, '"start time must be before end time"\n', 'start time must be before end time'],
  [
    'a message',
    422,
    '{"code":601,"message":"silenceID in path must be of type uuid: \\"x\\""}',
    'silenceID in path must be of type uuid: "x"',
  ],
  ['plain text', 401, 'Unauthorized\n', 'Unauthorized'],
  ['other JSON', 500, '{"status":"error"}', '{"status":"error"}'],
  ['nothing', 404, '', 'Not Found'],
])('tells what went wrong when the server answers %s', async (_, status, body, said) => {
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await expect(callApi(url, { method: 'GET', path: '/x' }, 5_000)).rejects.toThrow(
      new UsageError(`${url} answered ${status}: ${said}`),
    );
  } finally {
    server.close();
  }
});
