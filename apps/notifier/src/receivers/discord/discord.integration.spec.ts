import { httpIntegrationContract } from '../integration.contract';
import { builtIntegration } from '../testing/built-integration';

httpIntegrationContract({
  kind: 'discord',
  create: (address, secret, templates, broken) =>
    builtIntegration(
      'discord',
      {
        webhook_url: `${address}/${secret}`,
        message: broken ? '{{ broken }}' : '{{ huge }}',
        http_config: { authorization: { credentials: secret } },
      },
      { templates },
    ),
  success: (_, response) => response.writeHead(204).end(),
  retried: [500, 503],
  rejected: [400, 401, 404, 429],
  readsRetryAfter: true,
});
