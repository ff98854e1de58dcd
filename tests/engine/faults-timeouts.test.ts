import { writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '../support/database.ts'
import { ask, expectNothing, makeStage, sessionsIn, waitUntil } from './faults.ts'

const database = await testDatabase()

const kept = 'Nothing of it was kept: the transaction was rolled back.'
const serverRollsBack = 'Nothing of it was kept: the server rolls it back.'
const sleeping = 'create table t (x int);\nselect\n  pg_sleep(60);\n'

describe('a time-out', () => {
  const cancelled = 'ERROR: canceling statement due to statement timeout'

  test('of statements, set by the script, PGOPTIONS or the role', async () => {
    const stage = await makeStage(database, {
      'own.sql': `set statement_timeout = 200;\n${sleeping}`,
      'load.sql': sleeping,
    })
    const own = await stage.start(['run', 'own.sql']).ended
    expect(own).toMatchObject({ code: 3 })
    expect(own.stderr).toContain(`own.sql:3:1: ${cancelled}\nselect\n`)
    expect(own.stderr).toContain(kept)

    const options = await stage.start(['run', 'load.sql'], { env: { PGOPTIONS: '-c statement_timeout=200' } }).ended
    expect(options).toMatchObject({ code: 3 })
    expect(options.stderr).toContain(`load.sql:2:1: ${cancelled}`)

    await ask(database, `alter role postgres in database "${database.database}" set statement_timeout = 200`)
    const role = await stage.start(['run', 'load.sql']).ended
    await ask(database, `alter role postgres in database "${database.database}" reset statement_timeout`)
    expect(role).toMatchObject({ code: 3 })
    expect(role.stderr).toContain(`load.sql:2:1: ${cancelled}`)
    await expectNothing(database)
  })

  test('of locks', async () => {
    const holder = await database.connect()
    await holder.run('begin; create table t (x int)')
    const stage = await makeStage(database, {
      'load.sql': 'set lock_timeout = 200;\ncreate table u ();\ncreate table t ();\n',
    })
    const { code, stderr } = await stage.start(['run', 'load.sql']).ended
    expect(stderr).toContain('load.sql:3:1: ERROR: canceling statement due to lock timeout\ncreate table t ();\n')
    expect(stderr).toContain(kept)
    expect(code).toBe(3)
    await holder.close()
    await expectNothing(database)
  })

  test('of transactions ends the session', async () => {
    const stage = await makeStage(database, {
      'whole.sql': `set transaction_timeout = 300;\n${sleeping}`,
      'idle.sql': `set idle_in_transaction_session_timeout = 200;\nbegin;\ncreate table t ();\n\\! read line < go\nselect 1;\n`,
    })
    const whole = await stage.start(['run', 'whole.sql']).ended
    expect(whole.stderr).toContain('whole.sql:3:1: error: ')
    expect(whole.stderr).toContain('was lost: terminating connection due to transaction timeout')
    expect(whole.stderr).toContain(serverRollsBack)
    expect(whole.code).toBe(2)

    stage.pipe('go')
    const { ended } = stage.start(['run', '--no-transaction', '--allow-shell', 'idle.sql'])
    await waitUntil(database, /idle in transaction/)
    await expect.poll(() => sessionsIn(database), { timeout: 20_000 }).toEqual([])
    await writeFile(stage.path('go'), 'go\n')
    const idle = await ended
    expect(idle.stderr).toContain('was lost: terminating connection due to idle-in-transaction timeout')
    expect(idle.stderr).toContain('What ran before it stays; what was not committed is rolled back.')
    expect(idle.code).toBe(2)
    await expectNothing(database)
  })
})
