/** Where recorded events go. */
export interface EventOutput {
  /** For metrics and logs: `file:/var/log/events`, `webhook:https://host`, `stdout`. */
  readonly name: string;
  /** Takes lines of JSON; resolves once they are written, or (webhooks) taken for sending. Throws when they are not. */
  write(lines: readonly string[]): Promise<void>;
  /** Ends it once what it took is out, or given up. */
  close(): Promise<void>;
}
