import { describe, expect, it } from 'vitest';
import { smtpServer } from './smtp-server';

const config = { hello: 'me', requireTls: true, forceImplicitTls: null };

describe('smtpServer', () => {
  it.each([
    ['mail.test:587', 'mail.test', 587, false],
    ['mail.test:465', 'mail.test', 465, true],
    ['[::1]:25', '::1', 25, false],
    ['mail.test:smtp', 'mail.test', 25, false],
    // Only the number is asked about. Source: Alertmanager.
    ['mail.test:smtps', 'mail.test', 465, false],
    ['mail.test:nothing', 'mail.test', -1, false],
  ])('reads %s', (smarthost, host, port, implicitTls) => {
    const server = { host, port, address: smarthost, hello: 'me', implicitTls, requireTls: true };
    expect(smtpServer({ ...config, smarthost })).toEqual(server);
  });

  it.each([true, false])('has TLS from the start as it is told: %s', (forceImplicitTls) => {
    expect(smtpServer({ ...config, smarthost: 'mail.test:465', forceImplicitTls }).implicitTls).toBe(forceImplicitTls);
  });
});
