import { type BenchRun } from './bench-case';
import { groups } from './groups';
import { ingest } from './ingest';
import { inhibition } from './inhibition';
import { type Bench, parseOptions, USAGE } from './options';
import { read } from './read';
import { formatTable, toJson } from './report';
import { restart } from './restart';
import { silences } from './silences';
import { targets } from './target';
import { templates } from './templates';

const RUNS: Record<Bench, BenchRun> = { ingest, groups, read, inhibition, silences, restart, templates };

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') return void process.stdout.write(USAGE);
  const startMs = performance.now();
  const progress = (text: string) =>
    process.stderr.write(`[${((performance.now() - startMs) / 1000).toFixed(0).padStart(4)} s] ${text}\n`);
  const results = await RUNS[options.bench]({ options, targets: targets(options), progress });
  progress('done');
  process.stdout.write(`${options.json ? toJson(options.bench, results) : formatTable(options.bench, results)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\nTry --help.\n`);
  process.exitCode = 1;
});
