import { expect, test } from 'vitest'
import { readKeys } from './keys.ts'

test.each([
  ['q', ['q']],
  ['jk/é日😀', ['j', 'k', '/', 'é', '日', '😀']],
  ['\u001B[A\u001B[B\u001BOA', ['up', 'down', 'up']],
  ['\u001B[5~\u001B[6~\u001B[H\u001B[F', ['page-up', 'page-down', 'home', 'end']],
  ['\u001B', ['escape']],
  ['\u001Bx', ['escape', 'x']],
  ['\r\u007F\b\u0015\u0003', ['enter', 'backspace', 'backspace', 'clear', 'interrupt']],
  ['\u001B[200~pasted\u001B[201~', ['p', 'a', 's', 't', 'e', 'd']],
  ['\u001B[1;5C\u0001\t', []],
])('%j is read as %j', (text, keys) => {
  expect(readKeys(text)).toEqual(keys)
})
