import { exitCodes, findLosses, type LoadedScript, loadScript, planSeeds, runSeeds } from '@pgrig/core'
import { defineCommand } from '../command.ts'
import { argument, flag } from '../flag.ts'
import { counted, showLoaded } from '../loaded-view.ts'
import { reconnectFor, scriptBar, scriptFlags, scriptOptions, transactionFlags, watchScripts } from '../script-flags.ts'
import { readText } from '../script-input.ts'
import { planLosses, showLosses } from '../script-losses.ts'
import { planDueSeeds, proveSeeds, refuseDev, seedSources } from '../seed-sources.ts'

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
        const due = file === undefined ? await planDueSeeds(seeds, tools) : seeds
        const sources = [...scripts, ...due].map(({ source }) => source)
        const losses = await planLosses(sources, { ...options, resetBetween: true }, tools)
        const planned = []
        for (const { source, runs } of [...scripts.map((each) => ({ ...each, runs: 'always' as const })), ...due])
          planned.push({ file: source.name, runs, text: await readText(source) })
        return { dryRun: true, planned, ...(losses && { wouldLose: losses }) }
      }
      const target = await tools.target()
      const connection = await target.connect()
      const watch = watchScripts(values.verbose, tools)
      try {
        if (proves) return { dryRun: false, ...(await proveSeeds(target, connection, scripts, seeds, options, tools)) }
        // Whether it is production is asked along with the script, where nothing else hangs on it.
        const production = seeds.length > 0 && (await tools.productionSigns(target, { connection })).length > 0
        const { due, left } =
          file === undefined ? await planSeeds(connection, seeds, { production }) : { due: seeds, left: [] }
        if (production) refuseDev(due)
        const sources = [...scripts, ...due].map(({ source }) => source)
        const names = sources.map(({ name }) => name).join(', ')
        const ask = async () => {
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
          if (due.length > 0) await ask()
          if (script) {
            const consent = due.length > 0 ? {} : { consent: await tools.scriptConsent(target, connection, ask) }
            const settings = { ...options, ...reconnectFor(target, tools), ...consent, events }
            loaded.push(await loadScript(connection, script, settings))
          }
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
      if (result.planned.length === 0) screen.line('Every seed was run before.')
      for (const { file, runs, text } of result.planned) {
        const name = runs === 'always' ? file : `${file} (${runs})`
        if (text === undefined) screen.line(`Would run ${name}.`)
        else screen.raw(`-- ${name}\n${text.trimEnd()}\n`)
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
