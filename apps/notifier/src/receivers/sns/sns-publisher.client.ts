import type { SNSClient } from '@aws-sdk/client-sns';
import { type PublishInput } from './sns-message';
import { type SnsHttp } from './sns-http.client';
import { type SnsConfig } from './sns.schema';

/** Publishes with the SDK, which is loaded when it is needed. */
export class SnsPublisher {
  private client: { readonly apiUrl: string; readonly sns: SNSClient } | null = null;

  constructor(
    private readonly config: SnsConfig,
    private readonly http: SnsHttp,
  ) {}

  /** Rejects with what the SDK rejects with. */
  async publish(apiUrl: string, input: PublishInput, abortSignal: AbortSignal): Promise<void> {
    const { PublishCommand } = await import('@aws-sdk/client-sns');
    const sns = await this.clientFor(apiUrl);
    await sns.send(new PublishCommand(input), { abortSignal });
  }

  /** Credentials are looked for again next time. */
  forget(): void {
    this.client?.sns.destroy();
    this.client = null;
  }

  private async clientFor(apiUrl: string): Promise<SNSClient> {
    if (this.client?.apiUrl === apiUrl) return this.client.sns;
    this.forget();
    const { SNSClient } = await import('@aws-sdk/client-sns');
    const { sigv4 } = this.config;
    const common = {
      requestHandler: this.http,
      // Trying again is the notifier's, which counts it.
      maxAttempts: 1,
      ...(sigv4 && sigv4.region !== '' && { region: sigv4.region }),
      ...(sigv4 && sigv4.profile !== '' && { profile: sigv4.profile }),
    };
    const credentials = sigv4 && (await credentialsOf(sigv4, common));
    const sns = new SNSClient({
      ...common,
      ...(credentials && { credentials }),
      ...(apiUrl !== '' && { endpoint: apiUrl }),
    });
    this.client = { apiUrl, sns };
    return sns;
  }
}

/** Those that are configured, or of the role that is assumed with them; null: where the SDK finds some. The role is asked for
 *  at an address of its own. */
async function credentialsOf(
  { accessKey, secretKey, roleArn, externalId }: NonNullable<SnsConfig['sigv4']>,
  clientConfig: { readonly requestHandler: SnsHttp; readonly maxAttempts: number },
) {
  const keys = accessKey === '' ? null : { accessKeyId: accessKey, secretAccessKey: secretKey.reveal() };
  if (roleArn === '') return keys;
  const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
  return fromTemporaryCredentials({
    params: { RoleArn: roleArn, RoleSessionName: 'tocsin', ...(externalId !== '' && { ExternalId: externalId }) },
    clientConfig,
    ...(keys && { masterCredentials: keys }),
  });
}
