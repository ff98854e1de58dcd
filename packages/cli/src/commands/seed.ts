import {
  exitCodes,
  findLosses,
  inspectScript,
  type LoadedScript,
  loadScript,
  planSeeds,
  proveIdempotent,
  runSeeds,
} from '@pgrig/core'
import { defineCommand } from '../command.ts'
import { argument, flag } from '../flag.ts'
import { counted, showLoaded } from '../loaded-view.ts'
import { reconnectFor, scriptBar, scriptFlags, scriptOptions, transactionFlags, watchScripts } from '../script-flags.ts'
import { readText } from '../script-input.ts'
import { planLosses, showLosses } from '../script-losses.ts'
import { notOnProduction, refuseDev, seedSources } from '../seed-sources.ts'

export const seed = defineCommand({
  name: 'seed',
  summary: 'Fill the tables: run db/seed.sql, and of db/seeds what is due',
  description: `db/seed.sql is run each time. A file of db/seeds says in its first line when it is run: "-- seed: once" into each database one
time, "-- seed: on-change" again whenever the file was changed, and "dev" behind it for what is not for production. What was run
stands in the table schema_seeds.

Each is one transaction, and may hold what is written for psql: \\i, copy … from stdin, \\copy, variables. After an error nothing of it
stays, and the error names the file, line and column. Results of queries are not printed; for that, use run.

With --prove-idempotent all that may run more than once is run twice in one transaction, the tables are compared, and all is rolled back.`,
  target: 'database',
  destructive: true,
  exitCodes: ['sql', 'found'],
  arguments: { file: argument.optional('This script instead, due or not; - is stdin', 'file') },
  flags: {
    ...scriptFlags,
    ...transactionFlags,
    proveIdempotent: flag.boolean('Show that a second run changes nothing, and change nothing'),
  },
  examples: ['seed', 'seed prod', 'seed db/demo.sql', 'seed --prove-idempotent'],

  async run({ file, proveIdempotent: proves, ...values }, tools) {
    const planned = await tools.plannedTarget()
    const options = scriptOptions(values, tools)
    const { script, seeds, close } = await seedSources(file, planned.seedFile, options, tools)
    const scripts = script ? [script] : []
    try {
      if (tools.dryRun) {
        const sources = [...scripts, ...seeds].map(({ source }) => source)
        const losses = await planLosses(sources, { ...options, resetBetween: true }, tools)
        const planned = []
        for (const source of sources) planned.push({ file: source.name, text: await readText(source) })
        return { dryRun: true, planned, ...(losses && { wouldLose: losses }) }
      }
      const target = await tools.target()
      const connection = await target.connect()
      const watch = watchScripts(values.verbose, tools)
      try {
        const production = (await tools.productionSigns(target, { connection })).length > 0
        if (proves) {
          if (production) throw notOnProduction(target)
          const repeated = seeds.filter(({ runs }) => runs === 'on-change')
          for (const { source } of repeated) scripts.push(await inspectScript(source, options))
          const proof = await proveIdempotent(connection, scripts, { ...options, events: watch.events })
          return { dryRun: false, files: scripts.map((each) => each.file), ...proof }
        }
        const { due, left } =
          file === undefined ? await planSeeds(connection, seeds, { production }) : { due: seeds, left: [] }
        if (production) refuseDev(due)
        const sources = [...scripts, ...due].map(({ source }) => source)
        const names = sources.map(({ name }) => name).join(', ')
        if (sources.length > 0) {
          await tools.permitLoss(target, `runs ${names}`, {
            ifNotEmpty: true,
            connection,
            losses: () => findLosses(sources, connection, { ...options, resetBetween: true }),
          })
        }
        const size = sources.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0)
        const bar = scriptBar(`Running ${names}`, script?.inspection.bytes ?? size, tools)
        const events = { ...watch.events, progress: bar.progress }
        const loaded: LoadedScript[] = []
        try {
          for (const each of scripts)
            loaded.push(await loadScript(connection, each, { ...options, ...reconnectFor(target, tools), events }))
          if (due.length > 0) await connection.run('reset all')
          loaded.push(
            ...(await runSeeds(connection, due, {
              user: tools.user,
              program: tools.common.program,
              force: file !== undefined,
              scripts: { ...options, transaction: 'whole', events },
            })),
          )
        } finally {
          bar.end()
        }
        const leftOut = left.map(({ seed: { file: name }, why }) => ({ file: name, why }))
        return { dryRun: false, loaded, left: leftOut, ...(tools.json && watch.log) }
      } finally {
        connection.leave()
      }
    } finally {
      await close()
    }
  },

  show(result, screen) {
    if ('planned' in result) {
      for (const { file, text } of result.planned) {
        if (text === undefined) screen.line(`Would run ${file}.`)
        else screen.raw(`-- ${file}\n${text.trimEnd()}\n`)
      }
      if (result.wouldLose) showLosses(result.wouldLose, screen)
      return
    }
    if ('changed' in result) {
      const names = result.files.join(', ')
      if (result.changed.length === 0)
        return screen.line(`A second run of ${names} changes nothing in ${counted(result.tables, 'table')}.`)
      for (const { table, rowsBefore, rowsAfter } of result.changed) {
        const rows = rowsBefore === rowsAfter ? 'other contents' : `${rowsAfter - rowsBefore} rows more`
        screen.line(`${table}: ${rows} after the second run.`)
      }
      return
    }
    showLoaded(result.loaded, screen)
    for (const { file, why } of result.left) {
      if (why === 'dev') screen.note(`${file} is not for production, and was left out.`)
      if (why === 'changed') screen.note(`${file} was changed since it ran, and runs once.`)
    }
    if (result.loaded.length === 0) screen.line('Every seed was run before.')
  },

  exit: (result) => ('changed' in result && result.changed.length > 0 ? exitCodes.found : exitCodes.done),
})
