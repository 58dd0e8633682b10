import { describe, expect, it } from 'vitest';
import { titleWords } from './title-words';

// Printed by golang.org/x/text/cases.
describe('titleWords', () => {
  it.each([
    ['', '', ''],
    ['aa bB CC', 'Aa Bb Cc', 'Aa BB CC'],
    ['hello world', 'Hello World', 'Hello World'],
    ["don't stop", "Don't Stop", "Don't Stop"],
    ['it’s', 'It’s', 'It’s'],
    ["o'clock''s", "O'clock''S", "O'clock''S"],
    ['a.b c:d', 'A.b C:d', 'A.b C:d'],
    ['e-mail x_y 1st', 'E-Mail X_y 1St', 'E-Mail X_y 1St'],
    ['ǆabc ßen ﬁne', 'ǅabc Ssen Fine', 'ǅabc Ssen Fine'],
    ['ΑΣΣ ΑΣ', 'Ασς Ας', 'ΑΣΣ ΑΣ'],
    ['ΣΑΣ.', 'Σας.', 'ΣΑΣ.'],
    ["éCOLE d'été", "École D'été", "ÉCOLE D'été"],
    ['日本 abc日Abc', '日本 Abc日Abc', '日本 Abc日Abc'],
    ['a\tb\nc', 'A\tB\nC', 'A\tB\nC'],
    ['"quoted" (text)', '"Quoted" (Text)', '"Quoted" (Text)'],
    ['ALERT: disk FULL', 'Alert: Disk Full', 'ALERT: Disk FULL'],
    ['über i̇', 'Über İ', 'Über İ'],
  ])('%j', (text, lowered, kept) => {
    expect(titleWords(text, true)).toBe(lowered);
    expect(titleWords(text, false)).toBe(kept);
  });

  it('looks for the letter behind a sigma no further than 30 marks', () => {
    expect(titleWords(`aΣ${'\u0301'.repeat(30)}a`, true)).toBe(`Aσ${'\u0301'.repeat(30)}a`);
    expect(titleWords(`aΣ${'\u0301'.repeat(31)}a`, true)).toBe(`Aς${'\u0301'.repeat(31)}a`);
  });
});
