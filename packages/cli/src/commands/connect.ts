import { type Connection, Failure, findPsql, runPsql } from '@pgrig/core'
import { defineCommand } from '../command.ts'
import { argument, flag } from '../flag.ts'

export const connect = defineCommand({
  name: 'connect',
  summary: 'Open psql on the target’s database',
  description: `The password goes to psql through the environment, never through its arguments. What follows -- is given to psql.
The prompt begins with the target. On production the session is read-only, and ends a statement after 5 minutes, a transaction that idles
after 1 and itself after 30, unless --write is given.`,
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
    const signs = await tools.productionSigns(target, { connection })
    const production = signs.length > 0
    const settings = production && !write ? readOnlySettings(connection) : {}
    await connection.close()
    if (production && !write) tools.note(`Read-only, because ${signs.join(' and ')}. --write allows writing.`)
    else if (production) await tools.noteChange(target, 'opens a session that may write')
    const name = target.target.name
    const text = production ? `${name} (production, ${write ? 'WRITING' : 'read-only'})` : name
    const exitCode = await tools.lendTerminal(() =>
      runPsql(target.address, {
        psql,
        args,
        variables: tools.variables,
        application: 'pgrig connect',
        settings,
        prompt: { text, colour: tools.color ? colourOf(production, write) : undefined },
        signal: tools.signal,
      }),
    )
    return { exitCode }
  },

  show() {},

  exit: ({ exitCode }) => exitCode,
})

/** What must not be left behind on production by somebody who goes to lunch. Servers before 14 do not know the last one. */
function readOnlySettings({ serverVersion }: Connection): Record<string, string> {
  return {
    default_transaction_read_only: 'on',
    statement_timeout: '5min',
    idle_in_transaction_session_timeout: '1min',
    ...(Number.parseInt(serverVersion, 10) >= 14 && { idle_session_timeout: '30min' }),
  }
}

/** White on red while production can be changed, red while it cannot, green elsewhere. */
function colourOf(production: boolean, write: boolean): string {
  if (!production) return '32'
  return write ? '1;97;41' : '31'
}

function noPsql(): Failure {
  return new Failure('program_missing', 'There is no psql on this machine.', {
    hint: `Debian, Ubuntu: apt-get install postgresql-client · Fedora: dnf install postgresql · macOS: brew install libpq
(and follow its advice on PATH) · any: https://www.postgresql.org/download/`,
  })
}
