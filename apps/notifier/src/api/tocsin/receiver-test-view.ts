import { type DrillOutcome } from '../../drill/drill.service';

/** Body of `POST /api/tocsin/v1/receivers/{name}/test`. */
export interface ReceiverTestView {
  readonly receiver: string;
  readonly integrations: readonly TestedIntegrationView[];
}

/** What became of a drill with one integration. */
export interface TestedIntegrationView {
  /** `receiver/kind/index`. */
  readonly integration: string;
  readonly outcome: 'delivered' | 'failed';
  /** The end of the drill was told, too. */
  readonly ended?: true;
  /** A plain message went out: why. */
  readonly degraded?: string;
  readonly error?: string;
  readonly durationMs: number;
}

/** The answer for clients. */
export function receiverTestView(receiver: string, outcomes: readonly DrillOutcome[]): ReceiverTestView {
  return { receiver, integrations: outcomes.map(outcomeView) };
}

function outcomeView({ integration, result, durationMs }: DrillOutcome): TestedIntegrationView {
  if (result.kind === 'failed') return { integration, outcome: 'failed', error: result.error, durationMs };
  const { degraded, isEnded } = result;
  return {
    integration,
    outcome: 'delivered',
    ...(isEnded && { ended: true as const }),
    ...(degraded !== null && { degraded }),
    durationMs,
  };
}
