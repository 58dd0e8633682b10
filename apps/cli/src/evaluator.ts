import { evaluatorOptions } from './app-options';
import { type RunCommand } from './command';
import { openPlatform, platformServer } from './platform';
import { serve } from './serve';

/** `tocsin evaluator` */
export const evaluator: RunCommand = async (flags, _args, console) => {
  const options = evaluatorOptions(flags, '');
  const { startEvaluator } = await import('@tocsin/evaluator/main');
  return serve(async (started) => {
    const platform = await openPlatform(flags);
    started(platformServer(platform));
    started(await startEvaluator({ ...platform, ...options }));
  }, console);
};
