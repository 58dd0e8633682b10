import { describe, expect, it } from 'vitest';
import { banner } from './banner';

const FACTS = {
  version: '1.2.3',
  notifierUrl: 'http://[::]:9093',
  evaluatorUrl: 'http://127.0.0.1:8880',
  datasourceUrl: null,
  state: 'data',
};

describe('banner', () => {
  it('says where everything is, by addresses that work from here', () => {
    const text = banner(FACTS);
    for (const fact of ['Tocsin 1.2.3', 'http://localhost:9093 ', 'http://127.0.0.1:8880 ', 'stays in data']) {
      expect(text).toContain(fact);
    }
    expect(banner({ ...FACTS, notifierUrl: 'http://0.0.0.0:1' })).toContain('http://localhost:1 ');
  });

  it('prints a command that posts an alert the API takes', () => {
    const [, body = '', url] =
      /curl -H 'Content-Type: application\/json' -d '([^']*)' (\S+)\n/.exec(banner(FACTS)) ?? [];
    expect(url).toBe('http://localhost:9093/api/v2/alerts');
    expect(JSON.parse(body)).toMatchObject([{ labels: { alertname: 'HelloTocsin' } }]);
  });

  it('says how to give a datasource only while there is none', () => {
    const option = 'npm start -- --datasource.url=';
    expect(banner(FACTS)).toContain(option);
    const told = banner({ ...FACTS, datasourceUrl: 'http://me:secret@p:9090' });
    expect(told).not.toContain(option);
    expect(told).toContain('evaluates rules on http://p:9090');
  });
});
