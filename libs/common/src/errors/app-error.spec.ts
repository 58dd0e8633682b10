import { expect, it } from 'vitest';
import { AppError } from './app-error';

it('carries a code and its cause', () => {
  const cause = new Error('disk full');
  const error = new AppError('STATE_WRITE', 'cannot write the state', { cause });
  expect(error).toMatchObject({ name: 'AppError', code: 'STATE_WRITE', message: 'cannot write the state', cause });
});
