/** Where to take connections. */
export type ListenAddress = TcpAddress | InheritedSocket;

export interface TcpAddress {
  /** Undefined: all interfaces. */
  readonly host: string | undefined;
  /** 0: any free port. */
  readonly port: number;
}

/** A socket that was open when this process began, by its number. */
export interface InheritedSocket {
  readonly fd: number;
}

export type ParsedListenAddress = { ok: true; address: TcpAddress } | { ok: false; error: string };

/** Reads `:9093`, `host:9093` or `[::1]:9093`. Source: Go `net.Listen`, flag `--web.listen-address`. */
export function parseListenAddress(text: string): ParsedListenAddress {
  const [, bracketed, plain, portText = ''] = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d+)$/.exec(text) ?? [];
  const port = Number(portText);
  if (text.startsWith('vsock://')) return { ok: false, error: `listen address ${JSON.stringify(text)}: no vsock here` };
  if (portText === '' || port > 65_535) {
    return { ok: false, error: `listen address ${JSON.stringify(text)}: expected host:port or :port` };
  }
  return { ok: true, address: { host: bracketed || plain || undefined, port } };
}

/** `host:port`, IPv6 in brackets. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The first number systemd hands sockets over by. */
const FIRST_SYSTEMD_FD = 3;

/** Sockets systemd has handed to the process with this id; none if it has not. Source: sd_listen_fds(3). */
export function systemdSockets(
  environment: Readonly<Record<string, string | undefined>>,
  pid: number,
): readonly InheritedSocket[] {
  if (environment['LISTEN_PID'] !== String(pid)) return [];
  const count = Number(environment['LISTEN_FDS'] ?? 0);
  if (!Number.isSafeInteger(count) || count < 0) return [];
  return Array.from({ length: count }, (_, at) => ({ fd: FIRST_SYSTEMD_FD + at }));
}
