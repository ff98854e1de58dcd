import { describe, expect, test } from 'vitest'
import { redactSecrets } from './redact.ts'

describe('redaction', () => {
  test.each([
    ['postgresql://u:secret@h/db', 'postgresql://u:***@h/db'],
    ['postgres://u@h/db', 'postgres://u@h/db'],
    ['postgresql://h/db?password=secret&user=u', 'postgresql://h/db?password=***&user=u'],
    ['postgresql://u:secret@h/db?p%61ssword=secret', 'postgresql://u:***@h/db?p%61ssword=***'],
    ['postgresql://h/db?sslpassword=secret', 'postgresql://h/db?sslpassword=***'],
    ['host=h password=secret', 'host=h password=***'],
    ["password = 'a secret' host=h", 'password =*** host=h'],
    ['postgresql://u:sec@ret@h/db', 'postgresql://u:***@h/db'],
    ['postgresql://u:secret/db', 'postgresql://***'],
    ['postgres:/u:secret@h', 'postgres:/***'],
    ['mysql://u:secret@h/db', 'mysql://u:***@h/db'],
    ["password='secret", 'password=***'],
    ['PGPASSWORD=secret psql', 'PGPASSWORD=*** psql'],
    ['  → prod at postgresql://u:secret@h/db, as u\n', '  → prod at postgresql://u:***@h/db, as u\n'],
    ['Try `psql postgresql://u:sec ret@h/db`.', 'Try `psql postgresql://u:***@h/db`.'],
    [
      'from postgresql://u:secret@h/db to postgresql://v:secret@h',
      'from postgresql://u:***@h/db to postgresql://v:***@h',
    ],
    ['https://example.com:8080/a@b?c=d', 'https://example.com:8080/a@b?c=d'],
    ['mailto:a@b.c at 12:30', 'mailto:a@b.c at 12:30'],
    ['  a line\twith $& and 1 = 1\n', '  a line\twith $& and 1 = 1\n'],
    ['', ''],
  ])('%s becomes %s', (text, redacted) => {
    expect(redactSecrets(text)).toBe(redacted)
  })

  // A machine that is busy may be slow once, but not each time.
  test.each([
    'a.',
    'a://b:',
    'postgres://',
    'postgres://u:p@h ',
    'password=',
    "password='",
    '@',
    '?password=',
    '\n',
    ' = ',
  ])('takes time that grows with the length only: %j', { retry: 4 }, (piece) => {
    const once = milliseconds(`:/ passw ${piece.repeat(1000)}`)
    const eightTimes = milliseconds(`:/ passw ${piece.repeat(8000)}`)
    // Quadratic would be 64 times; the millisecond is for what is too short to measure.
    expect(eightTimes).toBeLessThan(32 * (once + 1))
  })
})

/** How long it takes at best. */
function milliseconds(text: string): number {
  const runs = Array.from({ length: 3 }, () => {
    const begin = performance.now()
    redactSecrets(text)
    return performance.now() - begin
  })
  return Math.min(...runs)
}
