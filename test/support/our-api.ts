import { plainRouteLabels } from '@tocsin/notifier/grouping/route-labels';
import { HttpServer } from '@tocsin/common/http/http-server.service';
import { nullLog } from '@tocsin/common/log/log';
import { createMatcher } from '@tocsin/common/matchers/matcher';
import { machineClock } from '@tocsin/common/time/clock';
import { FakeAlertBook } from '@tocsin/notifier/alerts/fake-alert-book';
import { IngestAlertsService } from '@tocsin/notifier/alerts/ingest-alerts.service';
import { API_BASE, ApiModule } from '@tocsin/notifier/api/api.module';
import { GroupIndex } from '@tocsin/notifier/grouping/groups';
import { NO_MUTING } from '@tocsin/notifier/pipeline/muting';
import { buildRouteTree } from '@tocsin/notifier/routing/route-tree';
import { aSilencesService } from '@tocsin/notifier/silences/testing/a-silences-service';
import { aNotifierConfig, aRoute } from '@tocsin/notifier/testing/a-config';

/** Our API with the receivers of `api-differential.spec.ts`, over state in memory; it does not listen yet. */
export function startOurApi(): Promise<HttpServer> {
  const created = createMatcher('severity', '=', 'critical');
  const matchers = created.ok ? [created.matcher] : [];
  const routes = buildRouteTree(
    aRoute({
      groupBy: ['alertname'],
      children: [
        aRoute({ receiver: 'team', groupBy: ['alertname'], matchers, continue: true }),
        aRoute({ receiver: 'crit<1>', matchers, groupBy: ['severity'] }),
      ],
    }),
  );
  const receivers = ['default', 'team', 'crit<1>', 'unused'].map((name) => ({
    name,
    labels: { name },
    integrations: [],
    templateLanguage: 'go' as const,
  }));
  const config = aNotifierConfig({ routes, receivers });
  const groups = new GroupIndex(routes);
  const book = new FakeAlertBook();
  book.onChange((changes) => groups.apply(changes));
  const nothing = () => undefined;
  const module = ApiModule.of({
    clock: machineClock,
    log: nullLog,
    alerts: book.alerts,
    ingest: new IngestAlertsService(book, { config, groups }),
    active: { config, groups },
    silences: aSilencesService(machineClock),
    muting: { at: () => NO_MUTING },
    metrics: { alertsReceived: nothing, alertsInvalid: nothing },
    matcherMode: 'fallback',
    build: { version: '', revision: '', branch: '', buildUser: '', buildDate: '', runtime: '', platform: '', arch: '' },
    startedAtMs: 0,
    instances: () => null,
    state: () => null,
    routeLabelsOf: plainRouteLabels,
  });
  return HttpServer.create({ module, log: nullLog, jsonBase: API_BASE });
}

/** What is asked. */
export interface Request {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

/** What is compared of an answer. */
export interface Answer {
  status: number;
  type: string | null;
  allow: string | null;
  body: string;
}

/** Asks an API below this URL. */
export async function ask(url: string, { method, path, headers = {}, body }: Request): Promise<Answer> {
  const init = { method, headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers } };
  const response = await fetch(url + path, { ...init, ...(body === undefined ? {} : { body }) });
  const header = (name: string) => response.headers.get(name);
  return { status: response.status, type: header('content-type'), allow: header('allow'), body: await response.text() };
}
