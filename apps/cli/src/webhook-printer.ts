import { type RunCommand } from './command';
import { untilStopped } from './until-stopped';
import { startWebhookServer } from './webhook-server';

/** `tocsin webhook-printer` */
export const webhookPrinter: RunCommand = async (flags, _args, console) => {
  const server = await startWebhookServer(flags.text('web.listen-address'), console.out);
  console.out(`Printing webhooks sent to http://${server.address}/\n\n`);
  return untilStopped([server], console);
};
