import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ANY_MAP } from '../basic-types';
import type { Escaper } from '../escaper';
import { type Executed, TemplateSet } from '../template-set';
import { RecordMap, type Value } from '../value';
import { htmlEscaper } from './html-escaper';
import { caseFunctions, type Json, valueOf } from './testing/case-data';

interface Case {
  readonly name: string;
  /** A file of templates that the text may call. */
  readonly shared?: string;
  readonly text: string;
  readonly data?: Json;
  readonly output?: string;
  readonly error?: string;
}

interface CaseFile {
  readonly data: Json;
  readonly cases: readonly Case[];
}

const folder = new URL('testdata/', import.meta.url);

function setWith(shared: string, escaper: Escaper = htmlEscaper): TemplateSet {
  const set = new TemplateSet({ escaper, functions: caseFunctions, missingKey: 'zero' });
  expect(set.add('shared.tmpl', shared)).toBeNull();
  return set;
}

function execute(set: TemplateSet, text: string, data: Value): Executed {
  const compiled = set.compile(text);
  return compiled.ok ? compiled.template.execute(data) : compiled;
}

function render(set: TemplateSet, text: string, data: Value): string {
  const executed = execute(set, text, data);
  return executed.ok ? executed.text : executed.error.message;
}

describe.each(readdirSync(folder))('as Go: %s', (file) => {
  const { data, cases }: CaseFile = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));

  it.each(cases)('$name', ({ shared = '', text, data: own = data, output, error }) => {
    expect(render(setWith(shared), text, valueOf(own))).toBe(output ?? error);
  });
});

describe('htmlEscaper', () => {
  const data = new RecordMap(ANY_MAP, { x: '<a b>', url: 'javascript:x' });

  it('escapes a template once, however often it is executed', () => {
    let times = 0;
    const counting: Escaper = {
      functions: htmlEscaper.functions,
      escape(entry, lookup) {
        times++;
        return htmlEscaper.escape(entry, lookup);
      },
    };
    const compiled = setWith('', counting).compile('<p title={{.x}}>');
    if (!compiled.ok) throw new Error(compiled.error.message);
    const texts = [1, 2, 3].map(() => compiled.template.execute(data));
    expect(texts).toEqual(Array(3).fill({ ok: true, text: '<p title=&lt;a&#32;b&gt;>' }));
    expect(times).toBe(1);
  });

  it('takes no longer for ranges within ranges', () => {
    const nested = (depth: number, text: string): string =>
      `${'{{range .}}'.repeat(depth)}${text}${'{{end}}'.repeat(depth)}`;
    const data = new RecordMap(ANY_MAP, {});
    expect(render(setWith(''), `<p>${nested(200, '<b>{{.}}</b>')}</p>`, data)).toBe('<p></p>');
    // In a script each value changes what a slash means behind it.
    expect(render(setWith(''), `<script>${nested(200, '{{.}}')}</script>`, data)).toBe('<script></script>');
  });

  it('leaves the set as it was', () => {
    const set = setWith('{{define "t"}}{{.x}}{{end}}');
    expect(render(set, '<p title={{template "t" .}}>', data)).toBe('<p title=&lt;a&#32;b&gt;>');
    expect(render(set, '{{define "t"}}own{{end}}{{template "t" .}}', data)).toBe('own');
    expect(render(set, '{{template "t" .}}', data)).toBe('&lt;a b&gt;');
    expect(set.names().sort()).toEqual(['shared.tmpl', 't']);
  });

  it('keeps a failed template failed, and others well', () => {
    const set = setWith('{{define "t"}}<p {{end}}');
    const compiled = set.compile('{{template "t"}}');
    if (!compiled.ok) throw new Error(compiled.error.message);
    expect(compiled.template.execute(data)).toEqual(compiled.template.execute(data));
    expect(compiled.template.execute(data).ok).toBe(false);
    expect(render(set, '{{template "t"}}title="{{.x}}">', data)).toBe('<p title="&lt;a b&gt;">');
  });

  // Go takes the second call to leave off where it starts, so that it would print the URL as it is.
  it('knows where a template leaves off when it is called again', () => {
    const link = '{{template "open"}}{{.url}}{{template "close"}}';
    const set = setWith('{{define "open"}}<a href="{{end}}{{define "close"}}">{{end}}');
    expect(render(set, link + link, data)).toBe('<a href="#ZgotmplZ"><a href="#ZgotmplZ">');
  });

  it.each([
    ['<p>\n{{template "a"}}', { name: '', line: 2, column: 11, reason: 'no such template "a"' }],
    ['{{range .}}<p a=b<{{end}}', { name: '', line: 0, column: null, reason: '"<" in unquoted attr: "b<"' }],
    ['{{template "t" .}}', { name: 'shared.tmpl', line: 2, column: 11 }],
  ])('says where %j goes wrong', (text, where) => {
    const set = setWith('{{define "t"}}<a href="{{if .}}?{{end}}\nx{{if .}}{{.x}}{{end}}">{{end}}');
    const executed = execute(set, text, data);
    expect(executed.ok ? null : executed.error).toMatchObject(where);
  });
});
