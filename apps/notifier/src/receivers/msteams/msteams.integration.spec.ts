import { type Answer } from '@tocsin/common/http/testing/http-peer';
import { httpIntegrationContract } from '../integration.contract';
import { builtIntegration } from '../testing/built-integration';

const teamsSays =
  (status: number): Answer =>
  (_, response) =>
    response.end(`Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error ${status}`);

httpIntegrationContract({
  kind: 'msteams',
  create: (address, secret, templates, broken) =>
    builtIntegration(
      'msteams',
      {
        webhook_url: `${address}/${secret}`,
        text: broken ? '{{ broken }}' : '{{ huge }}',
        http_config: { authorization: { credentials: secret } },
      },
      { templates },
    ),
  success: (_, response) => response.end('1'),
  retried: [500, 503],
  rejected: [400, 401, 404, 429],
  refusals: [
    ['asked too often', teamsSays(429), 'retryable'],
    ['out of order', teamsSays(500), 'retryable'],
    ['too large', teamsSays(413), 'rejected'],
  ],
  tooLarge: ([request]) =>
    request && Buffer.byteLength(request.body) > 28 * 1024 ? `${request.body.length}` : undefined,
});
