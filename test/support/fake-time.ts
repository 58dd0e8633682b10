import { existsSync, readdirSync } from 'node:fs';

/** Where distributions put libfaketime: Debian's folder per architecture, Fedora's, Alpine's. */
const FOLDERS = [
  ...(existsSync('/usr/lib') ? readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/faketime`) : []),
  '/usr/lib64/faketime',
  '/usr/lib/faketime',
];

const library = FOLDERS.map((folder) => `${folder}/libfaketime.so.1`).find((path) => existsSync(path));

/** Whether processes can be given a wrong clock here. With CI set a missing library is a failure, never a skip. */
export const canFakeTime = library !== undefined || Boolean(process.env['CI']);

/** Environment that moves a process's wall clock by this many seconds; its monotonic clock stays honest, as with NTP. */
export function clockOffBy(seconds: number): Record<string, string> {
  if (library === undefined) throw new Error('libfaketime is missing: install Debian package "libfaketime"');
  return {
    LD_PRELOAD: library,
    FAKETIME: `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}s`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
}
