import { type RunCommand } from './command';
import { serve } from './serve';
import { startWebhookServer } from './webhook-server';

/** `tocsin webhook-printer` */
export const webhookPrinter: RunCommand = (flags, _args, console) =>
  serve(async (started) => {
    const server = await startWebhookServer(flags.text('web.listen-address'), console.out);
    started(server);
    console.out(`Printing webhooks sent to http://${server.address}/\n\n`);
  }, console);
