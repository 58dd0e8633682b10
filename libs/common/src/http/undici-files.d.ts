// Files of undici, which says only of its index what is in it.
/* eslint-disable @typescript-eslint/consistent-type-imports -- an import would make it the code of one side. */
declare module 'undici/lib/api/index.js' {
  export const connect: unknown;
}
declare module 'undici/lib/dispatcher/dispatcher.js' {
  const { Dispatcher }: typeof import('undici');
  export default Dispatcher;
}
declare module 'undici/lib/dispatcher/pool.js' {
  const { Pool }: typeof import('undici');
  export default Pool;
}
declare module 'undici/lib/dispatcher/proxy-agent.js' {
  const { ProxyAgent }: typeof import('undici');
  export default ProxyAgent;
}
