/** What `npm start` says once everything runs. */
export function banner(facts: {
  version: string;
  /** `http://host:port` of the listeners. */
  notifierUrl: string;
  evaluatorUrl: string;
  datasourceUrl: string | null;
  /** Where the state is kept, for people. */
  state: string;
}): string {
  const { version, datasourceUrl, state } = facts;
  const notifierUrl = localUrl(facts.notifierUrl);
  const evaluatorUrl = localUrl(facts.evaluatorUrl);
  const evaluates =
    datasourceUrl === null ? 'waits for a datasource' : `evaluates rules on ${withoutPassword(datasourceUrl)}`;
  const addDatasource =
    datasourceUrl === null
      ? [
          '',
          "To evaluate the quick start's rules on a Prometheus:",
          '',
          '  npm start -- --datasource.url=http://localhost:9090',
        ]
      : [];
  return [
    '',
    `Tocsin ${version} runs. Ctrl-C ends it; its state stays in ${state}.`,
    '',
    `  Notifier   ${notifierUrl}  takes alerts as Alertmanager does: POST /api/v2/alerts`,
    `  Evaluator  ${evaluatorUrl}  ${evaluates}`,
    '',
    'Post a first alert from another terminal; its notification is printed here some seconds later:',
    '',
    `  ${firstAlert(notifierUrl)}`,
    ...addDatasource,
    '',
    '',
  ].join('\n');
}

/** The command line that posts an alert; tests run it as printed. */
function firstAlert(notifierUrl: string): string {
  const alert = {
    labels: { alertname: 'HelloTocsin', severity: 'info', instance: 'my-machine' },
    annotations: { summary: 'The bell rings' },
  };
  return `curl -H 'Content-Type: application/json' -d '${JSON.stringify([alert])}' ${notifierUrl}/api/v2/alerts`;
}

/** How to reach a listener from this machine: one on all interfaces by `localhost`. */
function localUrl(url: string): string {
  return url.replace(/^(https?:\/\/)(0\.0\.0\.0|\[::\]):/, '$1localhost:');
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//');
}
