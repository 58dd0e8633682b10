import { notifierOptions } from './app-options';
import { type RunCommand } from './command';
import { openPlatform, platformServer } from './platform';
import { serve } from './serve';

/** `tocsin notifier` */
export const notifier: RunCommand = async (flags, _args, console) => {
  const options = notifierOptions(flags, console);
  const { startNotifier } = await import('@tocsin/notifier/main');
  return serve(async (started) => {
    const platform = await openPlatform(flags);
    started(platformServer(platform));
    started(await startNotifier({ ...platform, ...options }));
  }, console);
};
