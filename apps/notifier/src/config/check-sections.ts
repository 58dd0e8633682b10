import { isMap, isScalar, isSeq } from 'yaml';
import { sourceText, type YamlDocument, type YamlFinding, type YamlPlace } from '@tocsin/common/config/yaml-document';
import { goQuote } from '@tocsin/common/labels/go-quote';
import { inheritanceFindings } from '../receivers/check-receivers';
import { HIDDEN } from './address.schema';
import { NEWER_DEFAULTS } from './global.schema';

/**
 * Mistakes that show only when sections are seen together, in the order in which Alertmanager checks. It works on the
 * document, not on decoded values, so that one wrong field does not hide them.
 */
export function checkSections(document: YamlDocument): YamlFinding[] {
  if (document.root.node === null) return [document.finding([], 'no route provided in config')];
  const outline = new Outline(document);
  outline.checkGlobal();
  outline.checkReceiverList();
  const root = outline.at(document.root, 'route');
  if (root === undefined || root.node === null) {
    outline.report(document.root, 'no routes provided');
  } else if (isMap(root.node)) {
    outline.checkRoot(root);
    outline.checkReceivers(root);
    outline.checkIntervalNames();
    outline.checkIntervals(root);
    if (outline.isTrue(root, 'continue')) outline.report(root, 'cannot have continue in root route');
  }
  return outline.findings;
}

/** Pairs of which at most one may be set, besides those of Slack. */
const exclusive = [
  'opsgenie_api_key',
  'victorops_api_key',
  'telegram_bot_token',
  'smtp_auth_password',
  'rocketchat_token',
  'rocketchat_token_id',
  'smtp_auth_secret',
  'wechat_api_secret',
  'mattermost_webhook_url',
];

/** The address of the app may be given in both ways; whether a hidden one is it cannot be told. */
function isSlackAppUrl(url: string, appUrl: string): boolean {
  return url !== '' && (url === HIDDEN || url === (appUrl || NEWER_DEFAULTS.slack_app_url));
}

/** Reads a document leniently: what is not of the expected shape is not there. */
class Outline {
  readonly findings: YamlFinding[] = [];
  private readonly intervalNames = new Set<string>();
  private readonly receiverNames: readonly { name: string; place: YamlPlace }[];

  constructor(private readonly document: YamlDocument) {
    this.receiverNames = this.items(this.at(document.root, 'receivers')).map((receiver) => {
      const place = this.at(receiver, 'name') ?? receiver;
      return { name: this.text(place), place };
    });
  }

  report(place: YamlPlace, message: string): void {
    this.findings.push({ ...this.document.position(place.offset), path: place.path, message });
  }

  at(place: YamlPlace | undefined, key: string): YamlPlace | undefined {
    if (!isMap(place?.node)) return undefined;
    return this.document.entries(place.node, place.path).find((entry) => entry.key === key)?.value;
  }

  isTrue(place: YamlPlace, key: string): boolean {
    const node = this.at(place, key)?.node;
    return isScalar(node) && node.value === true;
  }

  checkGlobal(): void {
    const global = this.at(this.document.root, 'global');
    if (global === undefined) return;
    const value = (key: string): string => this.text(this.at(global, key));
    const pair = (a: boolean, b: boolean, names: string): void => {
      if (a && b) this.report(global, `at most one of ${names} must be configured`);
    };
    const ofFile = (key: string): void => pair(value(key) !== '', value(`${key}_file`) !== '', `${key} & ${key}_file`);
    ofFile('slack_app_token');
    ofFile('slack_api_url');
    const hasToken = value('slack_app_token') + value('slack_app_token_file') !== '';
    const hasUrl = value('slack_api_url') + value('slack_api_url_file') !== '';
    pair(
      hasToken && !isSlackAppUrl(value('slack_api_url'), value('slack_app_url')),
      hasUrl,
      'slack_app_token/slack_app_token_file & slack_api_url/slack_api_url_file',
    );
    for (const key of exclusive) ofFile(key);
  }

  checkReceiverList(): void {
    const incomplete = inheritanceFindings(this.document);
    const seen = new Set<string>();
    for (const [at, { name, place }] of this.receiverNames.entries()) {
      if (seen.has(name) && name !== '') {
        this.report(place, `notification config name ${goQuote(name)} is not unique`);
      }
      seen.add(name);
      this.findings.push(...(incomplete.get(at) ?? []));
    }
  }

  checkRoot(root: YamlPlace): void {
    const receiver = this.at(root, 'receiver')?.node ?? null;
    if (receiver === null || (isScalar(receiver) && sourceText(receiver) === '')) {
      this.report(root, 'root route must specify a default receiver');
    }
    const matchers = ['match', 'match_re', 'matchers'].map((key) => this.at(root, key));
    const first = matchers.find((place) => (isMap(place?.node) || isSeq(place?.node)) && place.node.items.length > 0);
    if (first !== undefined) this.report(first, 'root route must not have any matchers');
    for (const kind of ['mute', 'active']) {
      const intervals = this.at(root, `${kind}_time_intervals`);
      if (intervals !== undefined && this.items(intervals).length > 0) {
        this.report(intervals, `root route must not have any ${kind} time intervals`);
      }
    }
  }

  /** Children before their parents, as Alertmanager looks them up. */
  checkReceivers(route: YamlPlace): void {
    for (const child of this.items(this.at(route, 'routes'))) this.checkReceivers(child);
    const place = this.at(route, 'receiver');
    const name = this.text(place);
    if (place === undefined || name === '' || this.receiverNames.some((receiver) => receiver.name === name)) return;
    this.report(place, `undefined receiver ${goQuote(name)} used in route`);
  }

  /** Both lists share their names. */
  checkIntervalNames(): void {
    for (const { name, place, kind } of this.namedIntervals()) {
      if (this.intervalNames.has(name)) this.report(place, `${kind} ${goQuote(name)} is not unique`);
      this.intervalNames.add(name);
    }
  }

  /** Children before their parents; active intervals before mute ones. */
  checkIntervals(route: YamlPlace): void {
    for (const child of this.items(this.at(route, 'routes'))) this.checkIntervals(child);
    for (const key of ['active_time_intervals', 'mute_time_intervals']) {
      for (const place of this.items(this.at(route, key))) {
        const name = this.text(place);
        if (this.intervalNames.has(name) || (place.node !== null && !isScalar(place.node))) continue;
        this.report(place, `undefined time interval ${goQuote(name)} used in route`);
      }
    }
  }

  private namedIntervals(): { name: string; place: YamlPlace; kind: string }[] {
    return ['mute time interval', 'time interval'].flatMap((kind) => {
      const list = this.items(this.at(this.document.root, `${kind.replaceAll(' ', '_')}s`));
      const places = list.map((interval) => this.at(interval, 'name'));
      return places.flatMap((place) => (place ? [{ name: this.text(place), place, kind }] : []));
    });
  }

  private items(place: YamlPlace | undefined): YamlPlace[] {
    return isSeq(place?.node) ? this.document.items(place.node, place.path) : [];
  }

  /** The text of a scalar, '' for anything else. */
  private text(place: YamlPlace | undefined): string {
    return isScalar(place?.node) ? sourceText(place.node) : '';
  }
}
