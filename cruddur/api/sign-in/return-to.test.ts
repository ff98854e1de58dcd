import { expect, test } from 'vitest'
import { safeReturnTo } from './return-to.ts'

const publicUrl = new URL('https://cruddur.example')

test.each(['/', '/@bayko', '/@bayko/status/0199c000?x=1#replies', '/search?term=a%20b', '/%40bayko'])(
  '%s is a way back',
  (path) => {
    expect(safeReturnTo(path, publicUrl)).toBe(path)
  },
)

test.each([
  'https://evil.example',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/..//evil.example',
  '/.//evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  '@evil.example',
  '.evil.example',
  ':80/evil',
  '/a\r\nSet-Cookie: x=1',
  '/api/auth/sign-in?return_to=/',
  '/x/../api/auth/sign-out',
  '/oidc/mailbox',
  '',
  'home',
  `/${'a'.repeat(2000)}`,
  undefined,
  null,
  7,
  ['/a', '/b'],
  { toString: () => '//evil.example' },
])('%j leads to the front page', (wanted) => {
  expect(safeReturnTo(wanted, publicUrl)).toBe('/')
})
