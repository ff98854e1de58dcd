import { resolve } from 'node:path'
import { loadScript, readScript, type Target } from '@pgrig/core'
import { defineCommand } from './command.ts'
import { argument } from './flag.ts'
import { showLoaded } from './loaded-view.ts'

interface LoadCommand {
  name: string
  summary: string
  /** The file where none is named. */
  default: (target: Target) => string
  examples: readonly string[]
}

/** A command that runs one script of the project on the target. */
export function loadCommand({ name, summary, default: fileOf, examples }: LoadCommand) {
  return defineCommand({
    name,
    summary,
    description: `All of the file or nothing: at an error everything is rolled back, and the error names the file, line and column.`,
    target: 'database',
    destructive: true,
    exitCodes: ['sql'],
    arguments: { file: argument.optional('The script, instead of the project’s', 'file') },
    examples,

    async run({ file }, tools) {
      const planned = await tools.plannedTarget()
      const path = file === undefined ? fileOf(planned) : resolve(tools.folder, file)
      const script = await readScript(path, tools.nameFile(path))
      if (tools.dryRun) return { dryRun: true, ...script }
      const target = await tools.target()
      await tools.permitLoss(target, `runs ${script.file}, which may drop or overwrite what is there`, {
        ifNotEmpty: true,
      })
      const progress = tools.progress.line(`Running ${script.file}`)
      try {
        return { dryRun: false, ...(await loadScript(target, script)) }
      } finally {
        progress.end()
      }
    },

    show(result, screen) {
      if ('text' in result) return screen.line(result.text.trimEnd())
      showLoaded([result], screen)
    },
  })
}
