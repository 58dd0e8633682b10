import { type Alias, isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Tags } from 'yaml';
import { isMergeKey, startOf, YamlDocument, type YamlFinding, type YamlNode } from './yaml-document';

export type ParsedYaml = { ok: true; document: YamlDocument } | { ok: false; findings: readonly YamlFinding[] };

/**
 * Reads the first document as Go's yaml.v2 does: YAML 1.1 with merge keys, without its times and base-60 numbers
 * (both are text there). All syntax errors are found, not only the first. Repeated keys are the decoder's to report.
 * `exact` gives whole numbers as `bigint`, however many digits they have.
 */
export function parseYaml(text: string, integers: 'numbers' | 'exact' = 'numbers'): ParsedYaml {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    version: '1.1',
    merge: true,
    uniqueKeys: false,
    intAsBigInt: integers === 'exact',
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter: lines,
    customTags: (tags) => tags.filter(isGoTag),
  });
  const first = 'empty' in documents ? null : (documents[0] ?? null);
  const root = (first?.contents ?? null) as YamlNode | Alias | null;
  const aliases = new StructureCheck();
  if (first?.errors.length === 0) aliases.walk(root);
  const document = new YamlDocument(root, aliases.targets, lines);
  const problems = [
    ...(first?.errors ?? []).map((error) => ({ offset: error.pos[0], message: lowerFirst(error.message) })),
    ...aliases.problems(),
  ];
  if (problems.length === 0) return { ok: true, document };
  const findings = problems.map(({ offset, message }) => ({ ...document.position(offset), path: [], message }));
  return { ok: false, findings };
}

function isGoTag(tag: Tags[number]): boolean {
  if (typeof tag === 'string') return true;
  const isTime = tag.tag.endsWith(':timestamp') || ('format' in tag && tag.format === 'TIME');
  return !isTime && !/:(?:omap|pairs|set)$/.test(tag.tag);
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** Finds what each alias stands for, and refuses what leads nowhere, to itself or to a flood, or merges no map. */
class StructureCheck {
  readonly targets = new Map<Alias, YamlNode>();
  private readonly anchors = new Map<string, YamlNode>();
  private readonly open = new Set<YamlNode>();
  /** Nodes below an anchor with its aliases expanded. */
  private readonly sizes = new Map<YamlNode, number>();
  private readonly wrong: { offset: number; message: string }[] = [];
  private written = 0;
  private expanded = 0;

  problems(): readonly { offset: number; message: string }[] {
    if (this.expanded <= 100_000 + 10 * this.written) return this.wrong;
    return [...this.wrong, { offset: 0, message: 'document contains excessive aliasing' }];
  }

  walk(root: unknown): void {
    this.expanded = this.size(root);
  }

  private size(node: unknown): number {
    if (isAlias(node)) return this.aliasSize(node);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return 0;
    const known = node as YamlNode;
    if (known.anchor !== undefined) this.anchors.set(known.anchor, known);
    this.written++;
    this.open.add(known);
    let size = 1;
    if (isMap(node)) {
      for (const pair of node.items) {
        size += this.size(pair.key) + this.size(pair.value);
        if (isMergeKey(pair.key)) this.checkMerge(pair.value, startOf(pair.key));
      }
    }
    if (isSeq(node)) for (const item of node.items) size += this.size(item);
    this.open.delete(known);
    if (known.anchor !== undefined) this.sizes.set(known, size);
    return size;
  }

  private checkMerge(value: unknown, keyOffset: number): void {
    const node = isAlias(value) ? this.targets.get(value) : value;
    const sources = isSeq(node) ? node.items.map((item) => (isAlias(item) ? this.targets.get(item) : item)) : [node];
    if (sources.every((source) => isMap(source))) return;
    this.wrong.push({ offset: keyOffset, message: 'map merge requires map or sequence of maps as the value' });
  }

  private aliasSize(alias: Alias): number {
    const target = this.anchors.get(alias.source);
    const offset = startOf(alias);
    if (target === undefined) {
      this.wrong.push({ offset, message: `unknown anchor '${alias.source}' referenced` });
    } else if (this.open.has(target)) {
      this.wrong.push({ offset, message: `anchor '${alias.source}' value contains itself` });
    } else {
      this.targets.set(alias, target);
      return this.sizes.get(target) ?? 1;
    }
    return 1;
  }
}
