import { resolve } from 'node:path'
import { dumpSchema, Failure, type DumpDestination } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { argument, flag } from '../../flag.ts'
import { counted } from '../../loaded-view.ts'

export const dump = defineCommand({
  name: 'schema dump',
  summary: 'Write db/schema.sql, or another file, from what is in the database',
  description: `The script makes the schema in an empty database, with schema load or psql. It is the same to the byte as long as the schema
is, on every server of a major version, and needs no pg_dump. A file is replaced as a whole; one that holds the same already is not touched.

Grants are in it, owners only with --owner: the roles that it names must be there when it is loaded. What a database can hold and the
script cannot is listed in it as "not covered", and told as a warning.

Rows come along for tables that are named with --data, in the order of their primary key.

Tables are locked meanwhile against changes, not against reading and writing. Where somebody changes the schema nevertheless, it is read again.`,
  target: 'database',
  changes: true,
  exitCodes: ['sql'],
  verbatim: true,
  arguments: { file: argument.optional('The file, instead of the project’s schema; - is stdout', 'file') },
  flags: {
    data: flag.each('Write the rows of this table too', 'TABLE'),
    split: flag.boolean('Write a file for each object, and into FILE the lines that include them'),
    owner: flag.boolean('Write to whom objects belong'),
    noGrants: flag.boolean('Leave out what was granted to whom'),
    wait: flag.duration('How long it is read again while others change the schema', 'TIME', { default: 60 }),
  },
  examples: ['schema dump', 'schema dump - prod', 'schema dump db/schema.sql --split', 'schema dump --data countries'],

  async run({ file, data, split, owner, noGrants, wait }, tools) {
    const { schemaFile } = await tools.plannedTarget()
    const toOutput = file === '-'
    if (toOutput && split) throw new Failure('usage', '--split writes files, and - is stdout.')
    const path = file === undefined || toOutput ? schemaFile : resolve(tools.folder, file)
    const pieces: Buffer[] = []
    const shown = toOutput || tools.dryRun
    const streamed = toOutput && !tools.json
    const destination: DumpDestination = shown
      ? {
          kind: 'output',
          write: (chunk) => {
            if (!streamed) return void pieces.push(Buffer.from(chunk))
            tools.output.write(chunk)
            return tools.output.full()
          },
        }
      : { kind: split ? 'split' : 'file', path }
    const target = await tools.target()
    const connection = await target.connect()
    const progress = tools.progress.line(`Reading the schema of ${target.database}`)
    try {
      const dumped = await dumpSchema(connection, destination, {
        data,
        owners: owner,
        grants: !noGrants,
        waitSeconds: wait,
        progress: (line) => progress.update(line),
      })
      const text = shown && !streamed ? { text: Buffer.concat(pieces).toString() } : {}
      return { file: toOutput ? null : tools.nameFile(path), dryRun: tools.dryRun, ...dumped, ...text }
    } finally {
      progress.end()
      connection.leave()
    }
  },

  show({ file, dryRun, objects, uncovered, files, changed, removed, seconds, text }, screen) {
    if (text !== undefined) screen.raw(text)
    for (const line of uncovered) screen.warn(`not covered: ${line}`)
    if (file === null || dryRun) return
    const all = files > 1 ? ` and ${counted(files - 1, 'file')} that it includes` : ''
    const gone = removed > 0 ? `, ${counted(removed, 'file')} removed` : ''
    const what = `${counted(objects, 'object')}${gone}, ${screen.duration(seconds)}`
    screen.line(changed === 0 ? `${file}${all} is up to date: ${what}.` : `Wrote ${file}${all}: ${what}.`)
  },
})
