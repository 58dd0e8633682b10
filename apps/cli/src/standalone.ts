import { evaluatorOptions, notifierOptions } from './app-options';
import { banner } from './banner';
import { type RunCommand } from './command';
import { openPlatform, platformServer } from './platform';
import { serve } from './serve';
import { VERSION } from './version';
import { startWebhookServer } from './webhook-server';

/** Where the quick start's receiver sends its webhooks. */
const PRINTER_ADDRESS = '127.0.0.1:5001';

/** `tocsin standalone` */
export const standalone: RunCommand = async (flags, _args, console) => {
  const forNotifier = notifierOptions(flags, console);
  const forEvaluator = evaluatorOptions(flags, 'evaluator.');
  const isQuickStart = flags.isOn('quickstart.printer');
  const { startNotifier } = await import('@tocsin/notifier/main');
  const { startEvaluator } = await import('@tocsin/evaluator/main');

  return serve(async (started) => {
    if (isQuickStart) started(await startWebhookServer(PRINTER_ADDRESS, console.out));
    const platform = await openPlatform(flags);
    started(platformServer(platform));
    const notifier = await startNotifier({ ...platform, ...forNotifier });
    started(notifier);
    const evaluator = await startEvaluator({ ...platform, ...forEvaluator, notifier });
    started(evaluator);
    if (!isQuickStart) return;
    console.out(
      banner({
        version: VERSION,
        notifierUrl: notifier.url,
        evaluatorUrl: evaluator.url,
        datasourceUrl: forEvaluator.datasource?.url ?? null,
        state: platform.backend.kind === 'redis' ? 'Redis' : flags.text('storage.path'),
      }),
    );
  }, console);
};
