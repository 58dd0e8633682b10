import { type BenchContext, onEachTarget } from './bench-case';
import { Sender } from './load';
import { type CaseResult, type Values } from './report';
import { SinkProcess } from './sink-process';
import { type Server } from './target';

/** A bench of a server that notifies a sink. */
export interface ToldBench {
  /** Of alerts, or of whatever the bench is about: a case each. */
  readonly counts: readonly number[];
  readonly name: (count: number) => string;
  readonly config: (sinkUrl: string) => string;
  readonly measure: (running: Running, count: number) => Promise<Values>;
}

/** What a case is measured on, started for it alone. */
export interface Running {
  readonly server: Server;
  readonly sender: Sender;
  readonly sink: SinkProcess;
}

/** Measures each count on each target, one after the other. */
export async function eachCount(context: BenchContext, bench: ToldBench): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const count of bench.counts) {
    const name = bench.name(count);
    results.push(
      ...(await onEachTarget(context, name, async (target) => {
        const sink = await SinkProcess.start();
        try {
          const server = await target.start(bench.config(sink.url));
          const sender = new Sender(server.url, context.options.connections);
          try {
            return new Map([[name, await bench.measure({ server, sender, sink }, count)]]);
          } finally {
            await sender.close();
            await server.stop();
          }
        } finally {
          await sink.stop();
        }
      })),
    );
  }
  return results;
}
