export interface ListenAddress {
  /** Undefined: all interfaces. */
  readonly host: string | undefined;
  /** 0: any free port. */
  readonly port: number;
}

export type ParsedListenAddress = { ok: true; address: ListenAddress } | { ok: false; error: string };

/** Reads `:9093`, `host:9093` or `[::1]:9093`. Source: Go `net.Listen`, flag `--web.listen-address`. */
export function parseListenAddress(text: string): ParsedListenAddress {
  const [, bracketed, plain, portText = ''] = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d+)$/.exec(text) ?? [];
  const port = Number(portText);
  if (portText === '' || port > 65_535) {
    return { ok: false, error: `listen address ${JSON.stringify(text)}: expected host:port or :port` };
  }
  return { ok: true, address: { host: bracketed || plain || undefined, port } };
}

/** `host:port`, IPv6 in brackets. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
