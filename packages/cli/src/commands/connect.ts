import { findPsql, Failure, runPsql } from '@pgrig/core'
import { defineCommand } from '../command.ts'
import { argument, flag } from '../flag.ts'

export const connect = defineCommand({
  name: 'connect',
  summary: 'Open psql on the target’s database',
  description: `The password goes to psql through the environment, never through its arguments. What follows -- is given to psql.
On production the session is read-only unless --write is given.`,
  target: 'database',
  examples: ['connect', 'connect prod', "connect -- -c 'select now()'"],
  handsOver: true,
  flags: { write: flag.boolean('Allow writing on production') },
  arguments: { args: argument.literal('More arguments for psql') },

  async run({ args, write }, tools) {
    const target = await tools.target()
    const psql = await findPsql(tools.variables)
    if (!psql) throw noPsql()
    // Asked before psql takes over: an address that does not answer gets our sentence, not psql's.
    const connection = await target.connect()
    const signs = await target.productionSigns(connection)
    await connection.close()
    const readOnly = signs.length > 0 && !write
    if (readOnly) tools.note(`Read-only, because ${signs.join(' and ')}. --write allows writing.`)
    const exitCode = await tools.lendTerminal(() =>
      runPsql(target.address, {
        psql,
        args,
        variables: tools.variables,
        application: 'pgrig connect',
        readOnly,
        signal: tools.signal,
      }),
    )
    return { exitCode }
  },

  show() {},

  exit: ({ exitCode }) => exitCode,
})

function noPsql(): Failure {
  return new Failure('program_missing', 'There is no psql on this machine.', {
    hint: `Debian, Ubuntu: apt-get install postgresql-client · Fedora: dnf install postgresql · macOS: brew install libpq
(and follow its advice on PATH) · any: https://www.postgresql.org/download/`,
  })
}
