import { describe, expect, it } from 'vitest';
import { fakeTemplates } from '../../templates/testing/fake-templates';
import { goJson } from '../go-json';
import { configOf, made } from '../testing/built-integration';
import { jiraIssue } from './jira-issue';

const entry = { api_url: 'https://jira.test/rest/api/2', project: 'OPS', issue_type: 'Bug' };
const version3 = { api_url: 'https://jira.test/rest/api/3/' };
const LABEL = 'ALERT{17c4e445d234645c9e547ff6d32a864af0ebdadcd1902771c24c8d366637ff41}';

function issueOf(own: object, templates?: Parameters<typeof made>[2]) {
  const config = configOf('jira', { ...entry, ...own });
  return made((rendering) => jiraIssue(config, rendering), {}, templates);
}

const createdOf = (...rest: Parameters<typeof issueOf>): string => goJson(issueOf(...rest).created);
const fieldsOf = (...rest: Parameters<typeof issueOf>) => JSON.parse(createdOf(...rest)).fields;

describe('jiraIssue', () => {
  it('says what is the matter', () => {
    const issue = issueOf({});
    expect(issue.project).toBe('OPS');
    expect(goJson(issue.created)).toBe(
      '{"fields":{"description":"jira.default.description","issuetype":{"name":"Bug"},' +
        `"labels":["${LABEL}"],"priority":{"name":"jira.default.priority"},"project":{"key":"OPS"},` +
        '"summary":"jira.default.summary"}}\n',
    );
    expect(issue.updated).toEqual(issue.created);
  });

  it('has labels in order, and fields of its own', () => {
    const own = {
      ...{ summary: 's', description: '', priority: '', labels: ['zoo', 'AAA', '{{ label }}'] },
      fields: { customfield_1: '{{ count }}', customfield_0: { value: 'x' }, summary: 'mine', customfield_2: ['a', 1] },
    };
    expect(createdOf(own, fakeTemplates({ label: 'ALERT', count: '3' }))).toBe(
      '{"fields":{"customfield_0":{"value":"x"},"customfield_1":3,"customfield_2":["a",1],"issuetype":{"name":"Bug"},' +
        `"labels":["AAA","ALERT","${LABEL}","zoo"],"project":{"key":"OPS"},"summary":"mine"}}\n`,
    );
  });

  it('leaves as it is what is not to be updated', () => {
    const { created, updated } = issueOf({
      summary: { template: 's', enable_update: false },
      description: { template: 'd', enable_update: false },
    });
    expect(JSON.parse(goJson(created)).fields).toMatchObject({ summary: 's', description: 'd' });
    expect(Object.keys(JSON.parse(goJson(updated)).fields)).toEqual(['issuetype', 'labels', 'priority', 'project']);
  });

  it('keeps to what Jira takes', () => {
    const huge = '😀'.repeat(40_000);
    const { summary, description } = fieldsOf(
      { summary: '{{ huge }}', description: '{{ huge }}' },
      fakeTemplates({ huge }),
    );
    expect(summary).toBe(`${'😀'.repeat(254)}…`);
    expect(description).toBe(`${'😀'.repeat(32_766)}…`);
    expect(fieldsOf({ summary: 'a \n b\r\nc' }).summary).toBe('a b c');
  });

  describe('for version 3 of the API', () => {
    const document = '{"type":"doc","version":1,"content":[{"text":"<a>"}]}';

    it.each([
      [
        'a document',
        ` ${document}\n`,
        '"description":{"type":"doc","version":1,"content":[{"text":"\\u003ca\\u003e"}]},',
      ],
      [
        'lines',
        'a\n\n"b"',
        '"description":{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"a"}]},' +
          '{"type":"paragraph","content":[]},{"type":"paragraph","content":[{"type":"text","text":"\\"b\\""}]}]},',
      ],
    ])('has a document made of %s', (_, description, expected) => {
      expect(createdOf({ ...version3, description })).toContain(expected);
    });

    it('has none of nothing', () => {
      expect(fieldsOf({ ...version3, description: ' \n' })).not.toHaveProperty('description');
    });

    it('is plain instead of half a document', () => {
      const huge = `{"text":"${'x'.repeat(40_000)}"}`;
      const { description } = fieldsOf({ ...version3, description: '{{ huge }}' }, fakeTemplates({ huge }));
      expect(JSON.stringify(description)).toMatch(/^\{"type":"doc".*its description is longer than Jira takes/);
    });
  });

  it.each([{}, version3])('is plain when a template fails: %j', (api) => {
    const own = { ...api, description: '{{ broken }}', labels: ['{{ broken }}', 'a'], priority: '{{ broken }}' };
    const fields = fieldsOf({ ...own, fields: { a: '{{ broken }}', b: 'x' } });
    expect(fields).toEqual({
      summary: '[FIRING:1] DiskFull',
      description: expect.anything(),
      issuetype: { name: 'Bug' },
      labels: [LABEL, 'a'],
      project: { key: 'OPS' },
      b: 'x',
    });
    expect(JSON.stringify(fields.description)).toContain('it is broken');
  });

  it.each([
    [{ project: '{{ broken }}' }, 'failed to template project'],
    [{ issue_type: '{{ broken }}' }, 'failed to template issue_type'],
  ])('cannot be made without %j', (own, error) => expect(() => issueOf(own)).toThrow(error));
});
