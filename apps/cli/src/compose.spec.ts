import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { COMMANDS } from './commands';
import { parseFlags } from './parse-flags';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string) => readFileSync(root + path, 'utf8');
const yaml = (path: string): unknown => parse(read(path), { merge: true });

interface Service {
  image: string;
  command: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  ports?: string[];
  depends_on?: Record<string, unknown>;
  healthcheck?: unknown;
}

const { services, volumes } = yaml('docker-compose.yml') as { services: Record<string, Service>; volumes: object };
const entries = Object.entries(services);
const ours = entries.filter(([, { image }]) => image === 'tocsin');

describe('docker-compose.yml', () => {
  it('runs two of each application beside a Redis, a Prometheus and a receiver', () => {
    const commands = ours.map(([, { command }]) => command[0]).sort();
    expect(commands).toEqual(['evaluator', 'evaluator', 'notifier', 'notifier', 'webhook-printer']);
    expect(Object.keys(services)).toEqual(expect.arrayContaining(['redis', 'prometheus']));
  });

  it.each(ours)('gives %s a command line its command takes', (_, { command, environment = {} }) => {
    const [name, ...argv] = command;
    const flags = COMMANDS.find((one) => one.name === name)?.sections.flatMap((section) => section.flags) ?? [];
    expect(parseFlags(flags, argv, environment)).toMatchObject({ ok: true, args: [] });
  });

  it.each(entries)('mounts into %s only what exists', (_, service) => {
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':');
      expect(source.startsWith('./') ? existsSync(root + source) : source in volumes, source).toBe(true);
    }
  });

  it.each(entries)('lets %s read files only where something is mounted', (_, { command, volumes: mounts = [] }) => {
    const mounted = mounts.map((mount) => mount.split(':')[1]);
    for (const [, path] of command.join(' ').matchAll(/\.file=(\S+)/g)) expect(mounted).toContain(path);
  });

  it('waits only for services there are', () => {
    for (const [, { depends_on = {} }] of entries)
      expect(Object.keys(services)).toEqual(expect.arrayContaining(Object.keys(depends_on)));
  });

  it('gives no port of the host twice', () => {
    const ports = entries.flatMap(([, service]) => service.ports ?? []).map((port) => port.split(':')[0]);
    expect(new Set(ports).size).toBe(ports.length);
  });

  it('keeps what Redis holds, and evicts nothing', () => {
    expect(services['redis']?.command.join(' ')).toBe('redis-server --appendonly yes --maxmemory-policy noeviction');
    expect(services['redis']?.volumes).toContain('redis:/data');
  });

  it('checks the health of every service where it listens', () => {
    const listens: Record<string, string> = { notifier: '9093', evaluator: '8880', 'webhook-printer': '5001' };
    const byDefault = /HEALTH_URL=(\S+)/.exec(read('Dockerfile'))?.[1] ?? '';
    for (const [name, { command, environment = {} }] of ours) {
      expect(environment['HEALTH_URL'] ?? byDefault, name).toContain(`:${listens[command[0] ?? '']}/-/healthy`);
    }
    for (const [name, { image, healthcheck }] of entries)
      if (image !== 'tocsin') expect(healthcheck, name).toBeDefined();
  });

  it('points its files at services and ports there are', () => {
    const texts = ['examples/cluster/alertmanager.yml', 'examples/cluster/prometheus.yml', 'docker-compose.yml'].map(
      read,
    );
    const ports: Record<string, string> = {
      notifier: '9093',
      evaluator: '8880',
      prometheus: '9090',
      redis: '6379',
      webhook: '5001',
    };
    const targets = [...texts.join('\n').matchAll(/\b([a-z]+(?:-\d)?):(\d{4})\b/g)];
    expect(targets.length).toBeGreaterThan(6);
    for (const [target, host = '', port] of targets) {
      if (/^\d+$/.test(host)) continue;
      expect(Object.keys(services), target).toContain(host);
      expect(port, target).toBe(ports[host.replace(/-\d$/, '')]);
    }
  });
});

describe('Dockerfile', () => {
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths = '']) =>
    paths.split(' '),
  );

  it('copies only what exists', () => {
    for (const path of copied) expect(existsSync(root + path), path).toBe(true);
  });

  it('has the manifest of every workspace before it installs', () => {
    const workspaces = ['apps', 'libs'].flatMap((folder) =>
      readdirSync(root + folder).map((name) => `${folder}/${name}/package.json`),
    );
    expect(copied).toEqual(expect.arrayContaining(workspaces));
  });

  it('is given what it copies', () => {
    const admitted = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    for (const path of copied)
      expect(
        admitted.some((name) => path === name || path.startsWith(`${name}/`)),
        path,
      ).toBe(true);
  });

  it('does not run as root', () => expect(read('Dockerfile')).toMatch(/^USER node$/m));
});
