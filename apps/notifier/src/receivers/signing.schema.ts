import { custom, type Decoder, list, object, string, withDefault } from '@tocsin/common/config/decode';
import { type Secret } from '@tocsin/common/config/secret';
import { secret } from '@tocsin/common/config/secret.schema';
import { type Field, orNull } from './field.schema';
import { isSet } from './rules';

/** What requests are signed with: two secrets at most, while they are changed. */
export interface Signing {
  readonly secrets: readonly Secret[];
  /** Read for every request. */
  readonly secretFiles: readonly string[];
}

const MOST_SECRETS = 2;

const fields = object(
  { secrets: withDefault(list(secret), []), secret_files: withDefault(list(string), []) },
  'config.SigningConfig',
);

const signing: Decoder<Signing> = custom(fields, ({ secrets, secret_files: secretFiles }, report) => {
  const all = [...secrets, ...secretFiles];
  if (all.length === 0) return report('signing needs one of secrets or secret_files');
  if (all.length > MOST_SECRETS) return report(`signing takes at most ${MOST_SECRETS} secrets and secret_files`);
  return all.every(isSet) ? { secrets, secretFiles } : report('a secret of signing may not be empty');
});

/** The block `signing` of an integration over HTTP (ours); null: requests are not signed. */
export const signingField: Field<Signing | null> = {
  key: 'signing',
  decoder: orNull(signing),
  show: (value) => {
    if (value === null) return undefined;
    const { secrets, secretFiles } = value;
    return {
      ...(secrets.length > 0 && { secrets: secrets.map(String) }),
      ...(secretFiles.length > 0 && { secret_files: secretFiles }),
    };
  },
};
