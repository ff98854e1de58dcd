import { findLosses, inspectScript, loadScript } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { argument } from '../../flag.ts'
import { counted, showLoaded } from '../../loaded-view.ts'
import {
  reconnectFor,
  scriptBar,
  scriptFlags,
  scriptOptions,
  transactionFlags,
  watchScripts,
} from '../../script-flags.ts'
import { openScript, readText, whileConnecting } from '../../script-input.ts'
import { planLosses, showLosses } from '../../script-losses.ts'

export const load = defineCommand({
  name: 'schema load',
  summary: 'Run db/schema.sql, or another file, in one transaction',
  description: `The script may hold what is written for psql: \\i, copy … from stdin, \\copy, variables, a dump of pg_dump. All of it is
one transaction: after an error nothing stays, and the error names the file, line and column. Results of queries are not printed; for
that, use run.`,
  target: 'database',
  destructive: true,
  exitCodes: ['sql'],
  arguments: { file: argument.optional('The script, instead of the project’s; - is stdin', 'file') },
  flags: { ...scriptFlags, ...transactionFlags },
  examples: ['schema load', 'schema load prod', 'schema load db/other.sql'],

  async run({ file, ...values }, tools) {
    const planned = await tools.plannedTarget()
    const options = scriptOptions(values, tools)
    const source = await openScript(file ?? planned.schemaFile, tools)
    try {
      if (tools.dryRun) {
        const { statements, bytes } = (await inspectScript(source, options)).inspection
        const text = await readText(source, bytes)
        const losses = await planLosses([source], options, tools)
        return {
          dryRun: true,
          file: source.name,
          statements,
          bytes,
          ...(text !== undefined && { text }),
          ...(losses && { wouldLose: losses }),
        }
      }
      const [script, target, connection] = await whileConnecting(
        (signal) => inspectScript(source, { ...options, signal }),
        tools,
      )
      const watch = watchScripts(values.verbose, tools)
      const bar = scriptBar(`Running ${script.file}`, script.inspection.bytes, tools)
      try {
        const ask = async () => {
          await tools.permitLoss(target, `runs ${script.file}`, {
            ifNotEmpty: true,
            connection,
            losses: () => findLosses([source], connection, { ...options, inspection: script.inspection }),
          })
        }
        const loaded = await loadScript(connection, script, {
          ...options,
          consent: await tools.scriptConsent(target, connection, ask),
          ...reconnectFor(target, tools),
          events: { ...watch.events, progress: bar.progress },
        })
        return { dryRun: false, ...loaded, ...(tools.json && watch.log) }
      } finally {
        bar.end()
        connection.leave()
      }
    } finally {
      await source.close?.()
    }
  },

  show(result, screen) {
    if (!('seconds' in result)) {
      if (result.text === undefined)
        screen.line(`Would run ${result.file}: ${counted(result.statements, 'statement')}.`)
      else screen.raw(result.text.endsWith('\n') ? result.text : `${result.text}\n`)
      if (result.wouldLose) showLosses(result.wouldLose, screen)
      return
    }
    showLoaded([result], screen)
  },
})
