import { existsSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../errors.ts'
import { readPlainFile } from './plain-file.ts'
import type { Project, TargetSettings } from './project.ts'

/**
 * Writes a target into the project's pgrig.json, which is made where there is none. What else stands in it stays, in its order.
 *
 * @throws `permission` where the file cannot be written; it is then as it was.
 */
export async function addTarget(project: Project, name: string, settings: TargetSettings): Promise<void> {
  const file = project.settingsFile ?? join(project.folder, 'pgrig.json')
  const text = existsSync(file) ? readPlainFile(file) : '{}'
  // The project was read from it, so it is an object.
  const json = JSON.parse(text) as { targets?: Record<string, TargetSettings> }
  const next = { ...json, targets: { ...json.targets, [name]: settings } }
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  '
  const partial = `${file}.new-${process.pid}`
  try {
    await writeFile(partial, `${JSON.stringify(next, undefined, indent)}\n`)
    await rename(partial, file)
  } catch (cause) {
    await rm(partial, { force: true })
    throw new Failure('permission', `The target ${name} cannot be written into ${file}.`, {
      cause,
      hint: `Add it by hand, under targets: ${JSON.stringify({ [name]: settings }).slice(1, -1)}`,
    })
  }
}
