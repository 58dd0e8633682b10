import { httpIntegrationContract } from '../integration.contract';
import { builtIntegration } from '../testing/built-integration';

httpIntegrationContract({
  kind: 'webex',
  create: (address, secret, templates, broken) =>
    builtIntegration(
      'webex',
      {
        api_url: `${address}/v1/messages`,
        room_id: 'r',
        message: broken ? '{{ broken }}' : '{{ huge }}',
        http_config: { authorization: { credentials: secret } },
      },
      { templates },
    ),
  success: (_, response) => response.end('{"id":"1"}'),
  retried: [500, 503],
  rejected: [400, 401, 404, 429],
  tooLarge: ([request]) =>
    request && Buffer.byteLength(JSON.parse(request.body).markdown) > 7439 ? 'it is' : undefined,
});
