import { addTarget, type Project } from '@pgrig/core'
import type { Tools } from './command.ts'

/** Writes a target for an instance into pgrig.json, unless there is one of that name. */
export async function addRdsTarget(
  tools: Tools,
  project: Project,
  name: string,
  instance: string,
): Promise<{ name: string; added: boolean } | null> {
  const known = project.settings.targets?.[name]
  if (known?.rds === instance) return { name, added: false }
  if (known?.rds !== undefined || known?.url !== undefined) {
    tools.note(
      `The target ${name} in pgrig.json is another database already: add one for ${instance} by hand, or with --as NAME.`,
    )
    return null
  }
  await addTarget(project, name, { ...known, rds: instance })
  return { name, added: true }
}
