import { type Flag } from './flag';

/** How a server that is asked wants to be spoken to. Source: amtool, flag of the same name. */
export const httpConfigFile: Flag = {
  name: 'http.config.file',
  kind: 'text',
  default: null,
  placeholder: 'PATH',
  help: 'File with an http_config for the connection: tls_config with ca_file, authorization, a proxy.',
};
