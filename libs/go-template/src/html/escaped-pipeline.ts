import type { CommandNode, PipeNode } from '../ast';

/** The functions of templates that escape by themselves; they may only end a pipeline. */
export function isPredefinedEscaper(name: string): boolean {
  return name === 'html' || name === 'urlquery';
}

/** The predefined escaper that does the work of an escaper, so that nothing is escaped twice. */
const standIns: Readonly<Record<string, string>> = {
  _html_template_attrescaper: 'html',
  _html_template_htmlescaper: 'html',
  _html_template_rcdataescaper: 'html',
  _html_template_urlescaper: 'urlquery',
  _html_template_urlnormalizer: 'urlquery',
};

function standIn(name: string): string {
  return Object.hasOwn(standIns, name) ? (standIns[name] ?? name) : name;
}

/** After which escapers another one would change nothing. */
const redundantAfter: ReadonlyMap<string, readonly string[]> = new Map([
  ['_html_template_commentescaper', ['_html_template_attrescaper', '_html_template_htmlescaper']],
  ['_html_template_cssescaper', ['_html_template_attrescaper']],
  ['_html_template_jsregexpescaper', ['_html_template_attrescaper']],
  ['_html_template_jsstrescaper', ['_html_template_attrescaper']],
  ['_html_template_jstmpllitescaper', ['_html_template_attrescaper']],
  ['_html_template_urlescaper', ['_html_template_urlnormalizer']],
]);

/** The function a command calls by its name; undefined where it calls none. */
export function calledFunction(command: CommandNode | undefined): string | undefined {
  const first = command?.args[0];
  return first?.kind === 'identifier' ? first.name : undefined;
}

/** The pipeline with escapers at its end; a predefined escaper that is its end already takes the place of its kin. */
export function escapedPipeline(pipe: PipeNode, escapers: readonly string[]): PipeNode {
  if (escapers.length === 0) return pipe;
  const end = calledFunction(pipe.cmds.at(-1));
  if (end === undefined || !isPredefinedEscaper(end)) return withEscapers(pipe, pipe.cmds, escapers);
  const cmds = withArgumentsApart(pipe, end);
  const merged = escapers.map((escaper) => (standIn(escaper) === end ? end : escaper));
  return withEscapers(pipe, merged.includes(end) ? cmds.slice(0, -1) : cmds, merged);
}

/** `html x y` alone as a pipeline of two: what `print` would make of the arguments, and the escaper. */
function withArgumentsApart(pipe: PipeNode, end: string): readonly CommandNode[] {
  const [first, ...others] = pipe.cmds;
  const [name, ...args] = first?.args ?? [];
  if (first === undefined || name === undefined || others.length > 0 || args.length === 0) return pipe.cmds;
  return [{ ...first, args: [{ kind: 'identifier', pos: name.pos, name: evalArgs }, ...args] }, callOf(end, pipe.pos)];
}

/** The function that joins the arguments of a predefined escaper. */
export const evalArgs = '_eval_args_';

function withEscapers(pipe: PipeNode, commands: readonly CommandNode[], escapers: readonly string[]): PipeNode {
  const there = new Set(commands.map((command) => standIn(calledFunction(command) ?? '')));
  const cmds = [...commands];
  for (const escaper of escapers) {
    const previous = calledFunction(cmds.at(-1)) ?? '';
    if (there.has(standIn(escaper)) || redundantAfter.get(previous)?.includes(escaper)) continue;
    cmds.push(callOf(escaper, pipe.pos));
  }
  return { ...pipe, cmds };
}

function callOf(name: string, pos: number): CommandNode {
  return { kind: 'command', pos, args: [{ kind: 'identifier', pos, name }] };
}
