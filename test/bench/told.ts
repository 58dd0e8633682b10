/** One notification the counting sink got: the group's labels as JSON text, and when (epoch ms). */
export type Told = [group: string, atMs: number];
