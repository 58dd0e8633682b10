import { custom, type Decoder, string, withDefault } from './decode';
import { Secret } from './secret';

/** A text that is never shown; absent, it is empty. */
export const secret: Decoder<Secret> = {
  ...withDefault(
    custom(string, (value) => new Secret(value)),
    new Secret(''),
  ),
  hides: true,
};
