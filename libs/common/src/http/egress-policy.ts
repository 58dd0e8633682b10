/** Where requests may go; asked for each connection, with the address that the host's name stood for. */
export interface EgressPolicy {
  /** Why nothing may be sent to this host at this address; null: it may. The address is null where a proxy looks it up. */
  refusal(host: string, address: string | null): string | null;
}
