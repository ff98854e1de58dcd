import { expect, test } from 'vitest'
import { pairUnixSockets, readTcpTable, scriptOf } from './client-processes.ts'

test('connections are read from /proc/net/tcp and tcp6, those alone that are established', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000   999        0 41 1 0000000000000000 100 0 0 10 0
   1: 0100007F:C350 0100007F:1538 01 00000000:00000000 00:00000000 00000000     0        0 42 1 0000000000000000 20 4 30 10 -1
   2: 00000000000000000000000001000000:C351 00000000000000000000000001000000:1538 01 00000000:00000000 00:00000000 00000000 0 0 43 1
   3: 0000000000000000FFFF00000100007F:C352 0000000000000000FFFF00000100007F:1538 01 00000000:00000000 00:00000000 00000000 0 0 44 1
   4: B80D0120000000000000000001000000:C353 B80D0120000000000000000002000000:1538 01 00000000:00000000 00:00000000 00000000 0 0 45 1
`
  expect(readTcpTable(table)).toEqual([
    { local: '127.0.0.1:50000', remote: '127.0.0.1:5432', inode: '42' },
    { local: '::1:50001', remote: '::1:5432', inode: '43' },
    { local: '127.0.0.1:50002', remote: '127.0.0.1:5432', inode: '44' },
    { local: '2001:db8::1:50003', remote: '2001:db8::2:5432', inode: '45' },
  ])
})

test('the two ends of Unix sockets are paired from what ss prints', () => {
  const table = `u_str ESTAB 0      0            /run/a b/.s.PGSQL.5432 700            * 600  users:(("postgres",pid=31,fd=9))
u_str ESTAB 0      0                                       * 600            * 700  users:(("node",pid=41,fd=20),("node",pid=42,fd=20))
u_str ESTAB 0      0                 /run/.s.PGSQL.5433 701            * 601  users:(("postgres",pid=32,fd=9))
u_str ESTAB 0      0                                       * 601            * 701  users:(("psql",pid=43,fd=3))
u_str ESTAB 0      0                 /run/.s.PGSQL.5432 702            * 602
u_str ESTAB 0      0                                       * 602            * 702  users:(("psql",pid=44,fd=3))
`
  expect(pairUnixSockets(table, new Set([31, 32, 33]), 5432)).toEqual(new Map([[31, 41]]))
})

test.each([
  ['node', ['server.js'], 'server.js'],
  ['node', ['--enable-source-maps', '/srv/app/dist/server.mjs', '--token=geheim'], 'server.mjs'],
  ['node', ['-e', 'connect("geheim")'], undefined],
  ['node', ['--env-file', '.env', 'server.js'], undefined],
  ['python3.12', ['-m', 'celery', 'worker'], 'celery'],
  ['python3', ['/usr/local/bin/gunicorn', 'app:app'], 'gunicorn'],
  ['python3', ['-c', 'import geheim'], undefined],
  ['bash', ['-lc', 'psql geheim'], undefined],
  ['perl', ['-ne', 'print'], undefined],
  ['ruby', ['bin/rails', 'server'], undefined],
  ['java', ['-Dpassword=geheim', '-jar', '/opt/app.jar'], 'app.jar'],
  ['java', ['-cp', 'a:b', 'com.example.Main'], undefined],
  ['node', ['geheim'], undefined],
  ['node', [], undefined],
  ['psql', ['postgresql://me:geheim@host/db.sh'], undefined],
])('of %s %j the script is %s', (program, args, script) => {
  expect(scriptOf(program, args)).toBe(script)
})
