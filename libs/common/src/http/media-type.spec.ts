import { expect, it } from 'vitest';
import { mediaTypeMistake } from './media-type';

it.each([
  ['application/json', null],
  [' Application/JSON ;charset=utf-8', null],
  ['application/json;', null],
  ['application/json; a="x;\\"y"; b=c', null],
  ['application/json; a*=x; a*0=b', null],
  ['*/*', null],
  ['', 'mime: no media type'],
  ['; a=b', 'mime: no media type'],
  ['/json', 'mime: no media type'],
  ['json', 'mediatype: malformed: "json" has no subtype'],
  ['a b/c', 'mime: expected slash after first token'],
  ['app()/x', 'mime: expected slash after first token'],
  ['a/', 'mime: expected token after slash'],
  ['a/b/c', 'mime: unexpected content after media subtype'],
  ['application/xml, application/json', 'mime: unexpected content after media subtype'],
  ['application/json; foo', 'mime: invalid media parameter'],
  ['application/json; ;', 'mime: invalid media parameter'],
  ['application/json; a="x', 'mime: invalid media parameter'],
  ['application/json;a=', 'mime: invalid media parameter'],
  ['application/json; A=b;a=c', 'mime: duplicate parameter name'],
])('of the type %j it says %s', (header, mistake) => expect(mediaTypeMistake(header)).toBe(mistake));
