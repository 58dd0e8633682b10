import { notifierOptions } from './app-options';
import { type RunCommand } from './command';
import { openPlatform } from './platform';
import { untilStopped } from './until-stopped';

/** `tocsin notifier` */
export const notifier: RunCommand = async (flags, _args, console) => {
  const options = notifierOptions(flags, console);
  const { startNotifier } = await import('@tocsin/notifier/main');
  const platform = await openPlatform(flags);
  const running = await startNotifier({ ...platform, ...options });
  return untilStopped([{ stop: () => platform.backend.close() }, running], console);
};
