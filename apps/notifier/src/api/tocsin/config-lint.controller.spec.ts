import { Module } from '@nestjs/common';
import { HttpServer } from '@tocsin/common/http/http-server.service';
import { nullLog } from '@tocsin/common/log/log';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LintFinding } from '../../config/lint-finding';
import { aNotifierConfig } from '../../testing/a-config';
import { API_PARTS } from '../v2/api-parts';
import { ConfigLintController } from './config-lint.controller';

const finding: LintFinding = {
  code: 'receiver-unused',
  line: 3,
  column: 7,
  path: ['receivers', 1, 'name'],
  message: 'no route uses receiver "<a>"',
};
const active = { config: aNotifierConfig({ lint: [finding] }) };

@Module({ controllers: [ConfigLintController], providers: [{ provide: API_PARTS, useValue: { active } }] })
class TestModule {}

let server: HttpServer;
let url: string;

beforeAll(async () => {
  server = await HttpServer.create({ module: TestModule, log: nullLog });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${port}/api/tocsin/v1/config/lint`;
});
afterAll(() => server.close());

const get = async () => (await fetch(url)).json();

it('tells what lint finds in the running configuration, which a reload may change', async () => {
  const { path: _, ...shown } = finding;
  expect(await get()).toEqual({ findings: [shown] });
  active.config = aNotifierConfig();
  expect(await get()).toEqual({ findings: [] });
});
