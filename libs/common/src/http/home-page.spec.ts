import { expect, it } from 'vitest';
import { homePage } from './home-page';

it.each([
  ['/', './-/ready'],
  ['/am', './am/-/ready'],
  ['/am/', './-/ready'],
  ['/x/am', './am/-/ready'],
])('links from %s to where that is', (path, href) => {
  const page = homePage({ name: 'Tocsin notifier', version: '1.2.3', links: ['-/ready', 'metrics'] }, path);
  expect(page).toContain('<h1>Tocsin notifier 1.2.3</h1>');
  expect(page).toContain(`<a href="${href}">/-/ready</a>`);
  expect(new URL(href, `http://host${path}`).pathname).toBe(`${path.replace(/\/$/, '')}/-/ready`);
  expect(page).not.toMatch(/<script|<style|style=/);
});
