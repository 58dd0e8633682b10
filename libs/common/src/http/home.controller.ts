import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf } from './error.filter';
import { type Home, homePage } from './home-page';

export const HOME = Symbol('Home');

/** `GET /`: says what listens here, to somebody who came with a browser. */
@Controller()
export class HomeController {
  constructor(@Inject(HOME) private readonly home: Home) {}

  @Get()
  get(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': "default-src 'none'" };
    void reply.headers(headers).send(homePage(this.home, pathOf(request)));
  }
}
