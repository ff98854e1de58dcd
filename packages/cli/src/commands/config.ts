import { defineCommand } from '../command.ts'

export const config = defineCommand({
  name: 'config',
  summary: 'Show each setting of a target, and where it comes from',
  description: 'Passwords are shown as ***. Connects to nothing.',
  target: 'project',
  examples: ['config', 'config prod', 'config prod --json'],

  async run(_, tools) {
    const { folder, settingsFile } = await tools.project()
    const target = await tools.resolvedTarget()
    return {
      project: { folder, settingsFile: settingsFile ?? null },
      target: target.name,
      kind: target.kind,
      protected: target.protected,
      values: target.values,
      warnings: target.warnings,
    }
  },

  show({ project, target, kind, protected: isProtected, values, warnings }, screen) {
    for (const warning of warnings) screen.warn(warning)
    screen.list({
      project: project.folder,
      settings: project.settingsFile ?? 'no pgrig.json',
      target: `${target}${kind === 'embedded' ? ', on the embedded server' : ''}${isProtected ? ', protected' : ''}`,
    })
    screen.line()
    screen.table(values, {
      name: (value) => value.name,
      value: (value) => value.value,
      'comes from': (value) => value.origin,
    })
  },
})
