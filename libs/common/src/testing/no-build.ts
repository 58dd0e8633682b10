import { type BuildInfo } from '../metrics/build-info';

/** A build that nothing is known of. */
export const NO_BUILD: BuildInfo = {
  version: '',
  revision: '',
  branch: '',
  buildUser: '',
  buildDate: '',
  runtime: '',
  platform: '',
  arch: '',
};
