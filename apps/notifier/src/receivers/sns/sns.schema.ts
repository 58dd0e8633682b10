import { flag, httpConfigField, secretText, subsection, text, textMap } from '../field.schema';
import { type ConfigOf, integrationKind } from '../integration-kind.schema';
import { isSet } from '../rules';

/** Source: Alertmanager configuration, `sns_config`. */
export const sns = integrationKind({
  name: 'sns',
  goType: 'sns.SNSConfig',
  sendResolved: true,
  signs: false,
  fields: {
    httpConfig: httpConfigField,
    apiUrl: text('api_url'),
    /** Null: from the environment. */
    sigv4: subsection(
      'sigv4',
      'sigv4.plain',
      {
        region: text('region'),
        accessKey: text('access_key'),
        secretKey: secretText('secret_key'),
        profile: text('profile'),
        roleArn: text('role_arn'),
        externalId: text('external_id'),
        // Alertmanager takes these two and does not use them either.
        useFipsStsEndpoint: flag('use_fips_sts_endpoint'),
        serviceName: text('service_name'),
      },
      (own) => [
        [
          isSet(own.accessKey) !== isSet(own.secretKey),
          'must provide a AWS SigV4 Access key and Secret Key if credentials are specified in the SigV4 config',
        ],
        [isSet(own.externalId) && !isSet(own.roleArn), 'external_id can only be used with role_arn'],
      ],
    ),
    topicArn: text('topic_arn'),
    phoneNumber: text('phone_number'),
    targetArn: text('target_arn'),
    subject: text('subject', '{{ template "sns.default.subject" . }}'),
    message: text('message', '{{ template "sns.default.message" . }}'),
    attributes: textMap('attributes'),
    useAwsHttpClient: flag('use_aws_http_client'),
  },
  rules: (own) => [
    [
      // One or all three, as Alertmanager has it.
      [own.targetArn, own.topicArn, own.phoneNumber].filter(isSet).length % 2 === 0,
      'must provide either a Target ARN, Topic ARN, or Phone Number for SNS config',
    ],
  ],
});

/** An entry of `sns_configs` in effect. */
export type SnsConfig = ConfigOf<typeof sns>;
