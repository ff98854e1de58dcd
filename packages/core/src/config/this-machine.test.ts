import { expect, test } from 'vitest'
import { isThisMachine } from './this-machine.ts'

const environment = {
  variables: {},
  home: '/',
  folder: '/',
  hostAddresses: ['192.168.1.7', 'fe80::a%eth0', '2001:db8::7'],
}

test.each([
  ['/var/run/postgresql', true],
  ['localhost', true],
  ['LocalHost', true],
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['0:0:0:0:0:0:0:1', true],
  ['::ffff:127.0.0.1', true],
  ['192.168.1.7', true],
  ['::ffff:192.168.1.7', true],
  ['2001:db8:0::7', true],
  ['fe80::a%eth0', true],
  ['192.168.1.8', false],
  ['128.0.0.1', false],
  ['::2', false],
  ['db', false],
  ['localhost.example.com', false],
  ['127.0.0.1.example.com', false],
])('that %s is this machine is %j', (host, expected) => {
  expect(isThisMachine(host, environment)).toBe(expected)
})
