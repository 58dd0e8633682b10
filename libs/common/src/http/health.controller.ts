import { Controller, Get, Head, HttpCode, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ProblemError } from './http.errors';

/** Says whether this program can do its work. */
export interface Readiness {
  /** Why it cannot yet (or no longer); null when it can. */
  notReadyBecause(): string | null;
  /** What a program that is ready says besides; null: nothing. Default: nothing. */
  note?(): string | null;
}

export const READINESS = Symbol('Readiness');

/** `/-/healthy` answers while the process lives; `/-/ready` only while it can do its work. */
@Controller('-')
export class HealthController {
  constructor(@Inject(READINESS) private readonly readiness: Readiness) {}

  @Get('healthy')
  healthy(@Res() reply: FastifyReply): void {
    sendOk(reply);
  }

  @Head('healthy')
  @HttpCode(200)
  healthyHead(): void {}

  @Get('ready')
  ready(@Res() reply: FastifyReply): void {
    this.refuseUnlessReady();
    const note = this.readiness.note?.() ?? null;
    sendOk(reply, note === null ? 'OK' : `OK: ${note}`);
  }

  @Head('ready')
  @HttpCode(200)
  readyHead(): void {
    this.refuseUnlessReady();
  }

  private refuseUnlessReady(): void {
    const reason = this.readiness.notReadyBecause();
    if (reason !== null) throw new ProblemError({ kind: 'unavailable', message: reason });
  }
}

function sendOk(reply: FastifyReply, text = 'OK'): void {
  void reply.header('Content-Type', 'text/plain; charset=utf-8').send(text);
}
