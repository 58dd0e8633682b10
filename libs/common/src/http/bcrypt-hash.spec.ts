import { compareSync } from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import { bcryptHashProblem, decoyHash } from './bcrypt-hash';

const rest = `${'a'.repeat(22)}${'b'.repeat(31)}`;

describe('bcryptHashProblem', () => {
  it.each(['$2y$10$', '$2a$04$', '$2b$31$', '$2$12$x'])('takes %s…', (start) => {
    expect(bcryptHashProblem(start + rest)).toBeNull();
  });

  it.each([
    ['secret', 'crypto/bcrypt: hashedSecret too short to be a bcrypted password'],
    [`x2y$10$${rest}`, "crypto/bcrypt: bcrypt hashes must start with '$', but hashedSecret started with 'x'"],
    [`$3y$10$${rest}`, "crypto/bcrypt: bcrypt algorithm version '3' requested is newer than current version '2'"],
    [`$2y$1x$${rest}`, 'strconv.Atoi: parsing "1x": invalid syntax'],
    [`$2y$03$${rest}`, 'crypto/bcrypt: cost 3 is outside allowed inclusive range 4..31'],
    [`$2y$32$${rest}`, 'crypto/bcrypt: cost 32 is outside allowed inclusive range 4..31'],
  ])('refuses %s', (hash, problem) => expect(bcryptHashProblem(hash)).toBe(problem));
});

describe('decoyHash', () => {
  it('costs as much as the slowest hash, and fits no password', () => {
    expect(decoyHash([`$2y$05$${rest}`, `$2a$07$${rest}`])).toMatch(/^\$2b\$07\$/);
    const decoy = decoyHash([`$2y$04$${rest}`]);
    expect(bcryptHashProblem(decoy)).toBeNull();
    expect(compareSync('', decoy)).toBe(false);
  });
});
