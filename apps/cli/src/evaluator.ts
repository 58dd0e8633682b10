import { evaluatorOptions } from './app-options';
import { type RunCommand } from './command';
import { openPlatform } from './platform';
import { untilStopped } from './until-stopped';

/** `tocsin evaluator` */
export const evaluator: RunCommand = async (flags, _args, console) => {
  const options = evaluatorOptions(flags, '');
  const { startEvaluator } = await import('@tocsin/evaluator/main');
  const platform = await openPlatform(flags);
  const running = await startEvaluator({ ...platform, ...options });
  return untilStopped([{ stop: () => platform.backend.close() }, running], console);
};
