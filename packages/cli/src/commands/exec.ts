import { Failure, runWithVariables } from '@pgrig/core'
import { defineCommand } from '../command.ts'
import { argument } from '../flag.ts'

export const exec = defineCommand({
  name: 'exec',
  summary: 'Run a program that finds the target’s database in its environment',
  description: `DATABASE_URL and the variables of libpq (PGHOST, PGPASSWORD, PGSSLROOTCERT …) are set for it, and for nobody else: what it
takes to connect is in no file and in no argument. For a target on Amazon RDS a token or the password in Secrets Manager is fetched now;
a program that runs longer than 15 minutes and connects anew with a token fetches its own.

Its exit code is the result.`,
  target: 'database',
  handsOver: true,
  arguments: { command: argument.literal('The program and its arguments') },
  examples: ['exec -- node server.js', 'exec prod -- pg_dump -s'],

  async run({ command: [program, ...args] }, tools) {
    if (program === undefined)
      throw new Failure('usage', 'What is to be run stands after --, as in: pgrig exec -- node server.js')
    const target = await tools.target()
    const signs = await tools.productionSigns(target)
    if (signs.length > 0) await tools.noteChange(target, `runs ${program}, which may write`)
    const exitCode = await tools.lendTerminal(() =>
      runWithVariables(target.address, {
        command: program,
        args,
        variables: tools.variables,
        application: 'pgrig exec',
        settings: {},
        signal: tools.signal,
      }),
    )
    return { exitCode }
  },

  show() {},

  exit: ({ exitCode }) => exitCode,
})
