import { httpIntegrationContract } from '../integration.contract';
import { builtIntegration } from '../testing/built-integration';

httpIntegrationContract({
  kind: 'msteamsv2',
  create: (address, secret, templates, broken) =>
    builtIntegration(
      'msteamsv2',
      {
        webhook_url: `${address}/${secret}?sig=${secret}`,
        text: broken ? '{{ broken }}' : '{{ huge }}',
        http_config: { authorization: { credentials: secret } },
      },
      { templates },
    ),
  success: (_, response) => response.writeHead(202).end(),
  retried: [500, 503],
  rejected: [400, 401, 404, 429],
  tooLarge: ([request]) =>
    request && Buffer.byteLength(request.body) > 28 * 1024 ? `${request.body.length}` : undefined,
});
