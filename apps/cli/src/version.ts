/** Put in by the build. */
declare const TOCSIN_VERSION: string;

/** Version of the program; `dev` when it was not built. */
export const VERSION = typeof TOCSIN_VERSION === 'undefined' ? 'dev' : TOCSIN_VERSION;
