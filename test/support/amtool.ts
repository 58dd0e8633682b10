import { spawn } from 'node:child_process';
import { TempFolder } from './temp-folder';

/** What a run of amtool came to. */
export interface AmtoolResult {
  code: number;
  out: string;
  err: string;
}

const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g;

/** Beyond this from now a time is one that the test chose. */
const NEAR_MS = 24 * 3_600_000;

/** Debian's amtool asking one server. It remembers the ids of the silences it made, in their order. */
export class Amtool {
  readonly ids: string[] = [];
  /** Its files, and the home in which it finds no settings of anybody. */
  private readonly folder = new TempFolder();

  constructor(
    private readonly url: string,
    private readonly flags: readonly string[] = ['--no-version-check'],
  ) {}

  /** Runs it; `#1` stands for the first silence it made, `@name` for a file that was given to it. */
  async run(args: readonly string[], stdin = ''): Promise<AmtoolResult> {
    const own = args.map((arg) =>
      arg
        .replace(/^#(\d+)$/, (_, nth: string) => this.ids[Number(nth) - 1] ?? '')
        .replace(/^@(.+)$/, (_, name: string) => this.folder.file(name)),
    );
    const child = spawn('amtool', [`--alertmanager.url=${this.url}`, ...this.flags, ...own], {
      env: { PATH: process.env['PATH'], HOME: this.folder.path, TZ: 'UTC' },
      cwd: this.folder.path,
    });
    const result = { code: -1, out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (result.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (result.err += text));
    child.stdin.on('error', () => undefined).end(stdin);
    result.code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject).once('close', (code) => resolve(code ?? -1));
    });
    if (args[0] === 'silence' && args[1] === 'add' && result.code === 0) this.ids.push(result.out.trim());
    return result;
  }

  /** Puts a file where `@name` finds it. */
  write(name: string, text: string): void {
    this.folder.write(name, text);
  }

  /** What is the same whichever server was asked: ids by their number, times around now as `<now>`. */
  normalised({ code, out, err }: AmtoolResult): AmtoolResult {
    return { code, out: this.comparable(out), err: this.comparable(err) };
  }

  async stop(): Promise<void> {
    await this.folder.stop();
  }

  private comparable(text: string): string {
    return text
      .replaceAll(this.url, '<url>')
      .replace(UUID, (id) => (this.ids.includes(id) ? `<silence ${this.ids.indexOf(id) + 1}>` : '<another silence>'))
      .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| UTC)/g, (time) =>
        Math.abs(Date.parse(time.replace(' UTC', 'Z')) - Date.now()) < NEAR_MS ? '<now>' : time,
      );
  }
}

/** The same commands to two servers at the same time. */
export class AmtoolPair {
  constructor(
    readonly theirs: Amtool,
    readonly ours: Amtool,
  ) {}

  /** What came of it there and here, normalised. */
  async run(args: readonly string[], stdin = ''): Promise<[their: AmtoolResult, our: AmtoolResult]> {
    const [their, our] = await Promise.all([this.theirs.run(args, stdin), this.ours.run(args, stdin)]);
    return [this.theirs.normalised(their), this.ours.normalised(our)];
  }

  write(name: string, text: string): void {
    this.theirs.write(name, text);
    this.ours.write(name, text);
  }

  async stop(): Promise<void> {
    await this.theirs.stop();
    await this.ours.stop();
  }
}
