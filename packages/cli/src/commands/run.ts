import {
  Failure,
  findLosses,
  inspect,
  readPrintSettings,
  refuseProblems,
  runScripts,
  type ScriptSource,
  textSource,
} from '@pgrig/core'
import { defineCommand, type Tools } from '../command.ts'
import { argument, flag } from '../flag.ts'
import { counted } from '../loaded-view.ts'
import { planLosses, showLosses } from '../script-losses.ts'
import { closeScripts, keptOutput, openScripts, whileConnecting } from '../script-input.ts'
import { reconnectFor, scriptBar, scriptFlags, scriptOptions, transactionFlags, watchScripts } from '../script-flags.ts'

const formats = ['aligned', 'wrapped', 'unaligned', 'csv', 'json', 'html', 'asciidoc', 'latex', 'troff-ms'] as const

export const run = defineCommand({
  name: 'run',
  summary: 'Run scripts or statements, and print their results as psql does',
  description: `Runs what is written for psql, without psql: \\i, copy … from stdin, \\copy, \\if, \\gset, \\gexec, variables, dumps of
pg_dump. All files together are one transaction: after an error nothing stays, and the error names the file, line and column.

What cannot run in a transaction (vacuum, create index concurrently, a script with a begin of its own) is found before the start; with
--no-transaction each statement runs for itself. A single statement never needs that.

On production a script that only reads is run read-only, without a question. One that would lose what is there, or of which nobody
can tell, says what and wants the database's name; any other asks.`,
  target: 'database',
  destructive: true,
  exitCodes: ['sql'],
  arguments: { files: argument.rest('The scripts, in order; - is stdin', 'file') },
  flags: {
    command: flag.each('Run this text instead of a file; may be given more than once', 'SQL', { short: 'c' }),
    ...scriptFlags,
    ...transactionFlags,
    format: flag.choice('How results are printed', formats, { default: 'aligned' }),
    expanded: flag.boolean('Print each column of a result on a line of its own', { short: 'x' }),
    tuplesOnly: flag.boolean('Print rows alone, without names and footers', { short: 't' }),
    write: flag.boolean('On production: do not run read-only what seems only to read; asks as for any other script'),
  },
  examples: ['run -c "select count(*) from activities"', 'run report.sql prod --format csv', 'run fix.sql -v id=7'],
  verbatim: true,

  async run({ files, command, format, expanded, tuplesOnly, write, ...values }, tools) {
    const sources = await openSources(files, command, tools)
    try {
      const options = scriptOptions(values, tools)
      // As psql -q: the script may turn it off.
      if (tools.common.quiet) options.variables = { QUIET: 'on', ...options.variables }
      const look = async (signal: AbortSignal) => {
        const inspection = await inspect(sources, { ...options, signal })
        if (!values.noTransaction) refuseProblems(inspection)
        return inspection
      }
      if (tools.dryRun) {
        await tools.plannedTarget()
        const { statements, bytes, onlyReads } = await look(tools.signal)
        const losses = onlyReads ? undefined : await planLosses(sources, options, tools)
        return { dryRun: true, statements, bytes, onlyReads, ...(losses && { wouldLose: losses }) }
      }
      const changes = {
        format,
        ...(expanded && { expanded: 'on' }),
        ...(tuplesOnly && { tuples_only: 'on' }),
      }
      const [[inspection, settings], target, connection] = await whileConnecting(
        (signal) => Promise.all([look(signal), readPrintSettings(changes, tools.columns)]),
        tools,
      )
      const name = sources.map((source) => source.name).join(', ')
      const watch = watchScripts(values.verbose, tools)
      const bar = scriptBar(`Running ${name}`, inspection.bytes, tools)
      const results: { columns: string[]; rows: (string | null)[][] }[] = []
      const kept = keptOutput()
      // A reader that has gone (`| head -1`) has seen what it wanted; a script that changes something goes on to its end.
      const gone = inspection.onlyReads ? tools.outputGone : undefined
      try {
        const ask = async () => {
          if (!inspection.onlyReads || write) {
            await tools.permitLoss(target, `runs ${name}`, {
              ifNotEmpty: true,
              connection,
              losses: () => findLosses(sources, connection, { ...options, inspection }),
            })
          } else if ((await tools.productionSigns(target, { connection })).length > 0) {
            // What only reads is not asked about, and cannot write.
            await connection.run('set default_transaction_read_only to on')
          }
        }
        const ran = await runScripts(sources, connection, {
          ...options,
          ...reconnectFor(target, tools),
          signal: gone ? AbortSignal.any([tools.signal, gone]) : tools.signal,
          inspection,
          consent: await tools.scriptConsent(target, connection, ask),
          results: tools.json ? 'collect' : 'print',
          settings,
          tags: !tools.json && format !== 'csv' && format !== 'json',
          output: tools.json ? kept : tools.output,
          events: {
            ...watch.events,
            progress: bar.progress,
            result: ({ columns, rows }) =>
              results.push({
                columns: columns.map((column) => column.name),
                rows: rows.map((row) => row.map((value) => value?.toString('utf8') ?? null)),
              }),
          },
        })
        const output = kept.text()
        return {
          dryRun: false,
          statements: ran.statements,
          rowsChanged: ran.rows,
          objects: ran.scripts.reduce((sum, { objects }) => sum + objects, 0),
          seconds: ran.seconds,
          ...(tools.json && { results, ...(output !== '' && { output }), ...watch.log }),
        }
      } catch (error) {
        if (gone === undefined || error !== gone.reason) throw error
        return { dryRun: false, statements: inspection.statements, rowsChanged: 0, objects: 0, seconds: 0 }
      } finally {
        bar.end()
        connection.leave()
      }
    } finally {
      await closeScripts(sources)
    }
  },

  show(result, screen) {
    if (!('seconds' in result)) {
      const reads = result.onlyReads ? `, which only ${result.statements === 1 ? 'reads' : 'read'}` : ''
      screen.line(`Would run ${counted(result.statements, 'statement')}${reads}.`)
      if (result.wouldLose) showLosses(result.wouldLose, screen)
    }
  },
})

function openSources(files: readonly string[], commands: readonly string[], tools: Tools): Promise<ScriptSource[]> {
  if (files.length > 0 && commands.length > 0) {
    throw new Failure('usage', 'Give files or --command, not both.', { hint: 'A script can include others: \\i FILE' })
  }
  if (commands.length > 0) {
    const name = (index: number) => (commands.length === 1 ? '-c' : `-c#${index + 1}`)
    return Promise.resolve(commands.map((text, index) => textSource(text, name(index))))
  }
  if (files.length === 0 && tools.standardInput() === undefined) {
    throw new Failure('usage', 'There is nothing to run: no file, no --command, and nothing is piped in.', {
      hint: 'pgrig run --help',
    })
  }
  return openScripts(files.length === 0 ? ['-'] : files, tools)
}
