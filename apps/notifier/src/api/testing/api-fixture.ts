import { plainRouteLabels, type RouteLabelsOf } from '../../grouping/route-labels';
import { HttpServer } from '@tocsin/common/http/http-server.service';
import { type Labels } from '@tocsin/common/labels/label-set';
import { type Log, nullLog } from '@tocsin/common/log/log';
import { createMatcher } from '@tocsin/common/matchers/matcher';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { MemoryStore } from '@tocsin/common/testing/memory-store';
import { FakeAlertBook } from '../../alerts/fake-alert-book';
import { IngestAlertsService } from '../../alerts/ingest-alerts.service';
import { GroupIndex } from '../../grouping/groups';
import { type Muting, NO_MUTING } from '../../pipeline/muting';
import { buildRouteTree, type RouteSpec } from '../../routing/route-tree';
import { EmbeddedSilenceStore } from '../../silences/embedded-silence.store';
import { aSilencesService } from '../../silences/testing/a-silences-service';
import { API_BASE, ApiModule } from '../api.module';
import { aNotifierConfig, aRoute } from '../../testing/a-config';

function byAlertname(overrides: Partial<RouteSpec>): RouteSpec {
  return aRoute({ groupBy: ['alertname'], ...overrides });
}

function equals(name: string, value: string) {
  const created = createMatcher(name, '=', value);
  if (!created.ok) throw new Error(created.error);
  return created.matcher;
}

const routes = buildRouteTree(
  byAlertname({
    children: [
      byAlertname({
        receiver: 'team',
        matchers: [equals('severity', 'critical')],
        continue: true,
        labels: { 'tier<': '1' },
      }),
      aRoute({
        receiver: 'crit<1>',
        matchers: [equals('severity', 'critical')],
        groupBy: [],
        labels: { who: '{{ .Receiver }}' },
      }),
    ],
  }),
);

const receivers = ['default', 'team', 'crit<1>', 'unused'].map((name) => ({
  name,
  labels: name === 'team' ? { name, owner: 'a&b' } : { name },
  integrations: [],
  templateLanguage: 'go' as const,
}));

const build = {
  version: '1.2.3',
  revision: 'abc',
  branch: 'main',
  buildUser: 'me',
  buildDate: '20260101',
  runtime: 'node20',
  platform: 'linux',
  arch: 'x64',
};

/** The whole API on a free port, over an alert book in memory. */
export class ApiFixture {
  readonly clock = new FakeClock();
  readonly book = new FakeAlertBook();
  readonly silenceStore = new EmbeddedSilenceStore(new MemoryStore());
  /** What was counted, call by call. */
  readonly counted: unknown[] = [];
  readonly warnings: unknown[] = [];
  /** Who mutes what, from now on. */
  muting: Partial<Muting> = {};
  routeLabelsOf: RouteLabelsOf = plainRouteLabels;
  instances: { name: string; address: string }[] | null = null;
  url = '';
  private server!: HttpServer;

  static async start(bodyLimitBytes?: number): Promise<ApiFixture> {
    const fixture = new ApiFixture();
    const log: Log = { ...nullLog, warn: (message, fields) => void fixture.warnings.push([message, fields]) };
    const limit = bodyLimitBytes === undefined ? {} : { bodyLimitBytes };
    fixture.server = await HttpServer.create({ module: fixture.module(log), log, jsonBase: API_BASE, ...limit });
    const { port } = await fixture.server.listen({ host: '127.0.0.1', port: 0 });
    fixture.url = `http://127.0.0.1:${port}`;
    return fixture;
  }

  stop(): Promise<void> {
    return this.server.close();
  }

  async call(method: string, path: string, body?: string) {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(this.url + path, { method, ...(body === undefined ? {} : { headers, body }) });
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  }

  get(path: string) {
    return this.call('GET', path);
  }

  /** `POST /api/v2/alerts` of these alerts, or of this text. */
  post(alerts: unknown) {
    return this.call('POST', '/api/v2/alerts', typeof alerts === 'string' ? alerts : JSON.stringify(alerts));
  }

  /** Names of the alerts, or groups, that are answered. */
  async names(path: string): Promise<string[]> {
    const { text } = await this.get(path);
    return (JSON.parse(text) as { labels: Labels }[]).map(({ labels }) => labels['alertname'] ?? '').sort();
  }

  private module(log: Log) {
    const groups = new GroupIndex(routes);
    this.book.onChange((changes) => groups.apply(changes));
    const config = aNotifierConfig({ routes, receivers, original: 'route: {}\n' });
    return ApiModule.of({
      clock: this.clock,
      log,
      alerts: this.book.alerts,
      ingest: new IngestAlertsService(this.book, { config, groups }),
      active: { config, groups },
      muting: { at: () => ({ ...NO_MUTING, ...this.muting }) },
      silences: aSilencesService(this.clock, { store: this.silenceStore }),
      metrics: {
        alertsReceived: (intake, received) => void this.counted.push([intake, received]),
        alertsInvalid: (intake, count) => void this.counted.push([intake, count]),
      },
      matcherMode: 'fallback',
      build,
      startedAtMs: Date.UTC(2025, 11, 31),
      instances: () => this.instances && { self: this.instances[0]!, live: () => this.instances! },
      state: () => null,
      routeLabelsOf: (...asked) => this.routeLabelsOf(...asked),
    });
  }
}
