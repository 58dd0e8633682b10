import { type AlertMessage } from '@tocsin/common/alert/alert-message.schema';
import { type Log, onReasonChange, type RepeatedFailure } from '@tocsin/common/log/log';
import { type Clock } from '@tocsin/common/time/clock';
import { type Datasource } from '../datasource/datasource';
import { type AlertingRule, type RuleGroup } from '../rules/rule-group';
import { type EvaluatorMetrics } from '../scheduling/scheduling.metrics';
import { type AlertSender } from '../sending/alert-sender';
import { alertsToSend, generatorUrl } from '../sending/alerts-to-send';
import { RESOLVED_RETENTION_MS } from '../state/advance-alert';
import { advanceRule, afterGap } from '../state/advance-rule';
import { NO_ALERTS, type RuleState } from '../state/alert-state';
import { type GroupState, type GroupStatesService } from '../state/group-states.service';
import { type RuleHealth } from '../state/rule-state-codec';
import { type Answer, failedAnswer } from './expansion';
import { type External } from './rule-template';
import { decideWithAnswers } from './template-queries.service';

export interface EvaluationSettings {
  /** Least time between two messages about an unchanged alert, ms. Default 60 000. */
  readonly resendDelayMs: number;
  /** Longest time without evaluation over which pending alerts keep their `for`, ms. Default 3 600 000. */
  readonly forOutageToleranceMs: number;
}

/** `earlier`: this slot or a newer one was evaluated before. `stopped`: the signal ended it; nothing was changed. */
export type EvaluationOutcome = 'evaluated' | 'earlier' | 'stopped';

interface EvaluatedRule {
  readonly state: RuleState;
  readonly isChanged: boolean;
  readonly alerts: readonly AlertMessage[];
  readonly health: RuleHealth;
  readonly sampleCount: number;
}

/**
 * Evaluates a group at a slot: states → queries in file order → next states → alerts handed over → states saved.
 *
 * In this order a crash repeats what it may have sent and loses nothing.
 */
export class EvaluateGroupService {
  private readonly failures = new Map<string, RepeatedFailure>();
  /** What was logged last. */
  private readonly templateFailures = new WeakMap<AlertingRule, string>();

  constructor(
    private readonly datasource: Datasource,
    private readonly states: GroupStatesService,
    private readonly sender: AlertSender,
    /** As of the last reload. */
    private readonly external: () => External,
    private readonly settings: EvaluationSettings,
    private readonly metrics: EvaluatorMetrics,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Rejects when the states cannot be read or the alerts not be handed over: then the slot must be tried again. */
  async evaluate(group: RuleGroup, slotMs: number, signal: AbortSignal): Promise<EvaluationOutcome> {
    const prev = await this.states.load(group.id);
    if (prev && prev.slotMs >= slotMs) return 'earlier';
    const unevaluatedMs = prev ? slotMs - prev.slotMs - Math.max(prev.summary.intervalMs, group.intervalMs) : 0;
    const startedAtMs = this.clock.nowMs();

    const rules = new Map<string, RuleState>();
    const changed = new Set<string>();
    const health: Record<string, RuleHealth> = {};
    const alerts: AlertMessage[] = [];
    let sampleCount = 0;
    for (const rule of group.rules) {
      const before = prev?.rules.get(rule.id) ?? NO_ALERTS;
      const bridged = afterGap(before, unevaluatedMs, this.settings.forOutageToleranceMs);
      const evaluated = await this.evaluateRule(group, rule, bridged, slotMs, signal);
      if (signal.aborted) return 'stopped';
      rules.set(rule.id, evaluated.state);
      if (evaluated.isChanged || bridged !== before) changed.add(rule.id);
      health[rule.id] = evaluated.health;
      for (const alert of evaluated.alerts) alerts.push(alert);
      sampleCount += evaluated.sampleCount;
    }
    if (alerts.length > 0) await this.sender.send({ v: 1, ruleGroupId: group.id, slotMs, alerts });

    const { orphans, removed } = this.keepOrphans(prev, slotMs, rules);
    const durationMs = this.clock.nowMs() - startedAtMs;
    const { intervalMs } = group;
    const summary = { intervalMs, evaluatedAtMs: startedAtMs, durationMs, rules: health, orphans };
    const isLate = (await this.save(group, { slotMs, summary, rules }, changed, removed)) === 'late';
    if (isLate) return 'earlier';
    this.metrics.groupEvaluated(group, { startedAtMs, durationMs, sampleCount, rules: Object.values(health) });
    this.report(group, health);
    return 'evaluated';
  }

  private async evaluateRule(
    group: RuleGroup,
    rule: AlertingRule,
    before: RuleState,
    slotMs: number,
    signal: AbortSignal,
  ): Promise<EvaluatedRule> {
    const evaluatedAtMs = this.clock.nowMs();
    const result = await this.datasource.query(rule.expr, slotMs - group.queryOffsetMs, signal);
    const healthOf = (error: string | null): RuleHealth => ({
      health: error === null ? 'ok' : 'err',
      lastError: error ?? '',
      durationMs: this.clock.nowMs() - evaluatedAtMs,
      evaluatedAtMs,
    });
    if (result.kind === 'failed') {
      // What is not known has not ended: the alerts stay as they are, and nothing is sent.
      return { state: before, isChanged: false, alerts: [], health: healthOf(result.reason), sampleCount: 0 };
    }
    if (!result.isComplete) this.metrics.incompleteResult(group);
    const external = this.external();
    const context = { slotMs, limit: group.limit, external };
    const advanced = await decideWithAnswers(
      (answers) => advanceRule(rule, before, result, { ...context, answers }),
      (expression) => this.answer(group, expression, slotMs, signal),
      signal,
    );
    if (!signal.aborted) this.reportTemplate(group, rule, advanced.templateFailure);
    const { alerts, state } = alertsToSend(advanced.state, {
      slotMs,
      intervalMs: group.intervalMs,
      resendDelayMs: this.settings.resendDelayMs,
      externalLabels: external.labels,
      generatorUrl: () => generatorUrl(external.url, rule.expr),
    });
    return {
      state,
      isChanged: advanced.isChanged || state !== advanced.state,
      alerts,
      health: healthOf(advanced.error),
      sampleCount: result.samples.length,
    };
  }

  /** What a template's own query comes to: at the slot itself, whatever the offset of the rule's. Source: Prometheus. */
  private async answer(group: RuleGroup, expression: string, slotMs: number, signal: AbortSignal): Promise<Answer> {
    const result = await this.datasource.query(expression, slotMs, signal);
    if (result.kind === 'failed') return failedAnswer(result.reason);
    if (!result.isComplete) this.metrics.incompleteResult(group);
    return result.samples;
  }

  /** Once a rule as long as the reason is the same; with the files that changed the rule it is told again. */
  private reportTemplate(group: RuleGroup, rule: AlertingRule, failure: string | null): void {
    if (failure === null || this.templateFailures.get(rule) === failure) return;
    this.templateFailures.set(rule, failure);
    const fields = { file: group.file, group: group.name, rule: rule.name };
    this.log.warn('Expanding alert template failed', { ...fields, err: failure });
  }

  /** Another instance, with newer or older files, may have rules that this group lacks here. */
  private keepOrphans(prev: GroupState | null, slotMs: number, rules: Map<string, RuleState>) {
    const orphans: Record<string, number> = {};
    const removed: string[] = [];
    for (const [ruleId, state] of prev?.rules ?? []) {
      if (rules.has(ruleId) || state.size === 0) continue;
      const sinceMs = prev?.summary.orphans[ruleId] ?? slotMs;
      if (slotMs - sinceMs > RESOLVED_RETENTION_MS) {
        removed.push(ruleId);
      } else {
        orphans[ruleId] = sinceMs;
        rules.set(ruleId, state);
      }
    }
    return { orphans, removed };
  }

  /** The alerts are handed over: a store that fails now costs at most a repetition, so the evaluation stands. */
  private async save(group: RuleGroup, next: GroupState, changed: ReadonlySet<string>, removed: readonly string[]) {
    const failure = this.failureOf(storeFailure(group.id));
    try {
      const result = await this.states.save(group, next, changed, removed);
      failure.recovered('Rule states can be saved again', { file: group.file, group: group.name });
      return result;
    } catch (error) {
      failure.failed('Rule states could not be saved', error, { file: group.file, group: group.name });
      return 'saved';
    }
  }

  private report(group: RuleGroup, health: Readonly<Record<string, RuleHealth>>): void {
    const failed = group.rules.filter(({ id }) => health[id]?.health === 'err');
    const [first] = failed;
    const fields = { file: group.file, group: group.name };
    if (!first) return this.failureOf(group.id).recovered('Rules can be evaluated again', fields);
    const more = { ...fields, rule: first.name, failed: failed.length, rules: group.rules.length };
    this.failureOf(group.id).failed('Evaluating rules failed', health[first.id]?.lastError, more);
  }

  /** Drops what is known of a group that is gone. */
  forget(groupId: string): void {
    this.failures.delete(groupId);
    this.failures.delete(storeFailure(groupId));
  }

  private failureOf(key: string): RepeatedFailure {
    let failure = this.failures.get(key);
    if (!failure) this.failures.set(key, (failure = onReasonChange(this.log)));
    return failure;
  }
}

function storeFailure(groupId: string): string {
  return `${groupId} store`;
}
