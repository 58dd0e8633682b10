import type { FastifyReply } from 'fastify';
import { type Envelope, statusOf } from './envelope';

/** As bytes, because Fastify adds a charset to the content type of texts. Any page may read it, as with Prometheus. */
export function sendEnvelope(reply: FastifyReply, envelope: Envelope): void {
  const headers = { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' };
  void reply
    .status(statusOf(envelope))
    .headers(headers)
    .send(Buffer.from(JSON.stringify(envelope)));
}
