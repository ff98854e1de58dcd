import {
  diffSchemas,
  diffScript,
  embeddedTarget,
  Failure,
  readScript,
  type DiffSide,
  type OpenTarget,
  type SchemaDifference,
} from '@pgrig/core'
import { defineCommand, type Tools } from '../../command.ts'
import { flag } from '../../flag.ts'
import { counted } from '../../loaded-view.ts'
import type { Screen } from '../../screen.ts'

export const diff = defineCommand({
  name: 'schema diff',
  summary: 'Show what differs between the database and db/schema.sql, or between two databases',
  description: `Shows what it takes to bring the database to what the file says. --from and --to say what is compared: file is the project’s
schema, any other word a target, and what has :// in it a URL. The file is loaded into a scratch database, which is dropped at the end: on
the target’s own server if that is this machine and not production, and on the embedded server otherwise. Nothing else is changed.

--sql prints the statements that lead from one to the other. They run in one transaction, with run or psql, and what loses something is
marked: -- destructive: drops the table public.old. Renames are not guessed: a table or column with another name is dropped and created,
and the list says where that may be meant.

What is not in the SQL is said in it, -- incomplete: subscription s, and --exit-code counts it as a difference.

The order of columns does not count, nor do the tables in which migrations and seeds are noted down.`,
  target: 'database',
  exitCodes: ['sql'],
  verbatim: true,
  flags: {
    from: flag.string('What to begin with, instead of the target: file, a target, or a URL', 'WHAT'),
    to: flag.string('What to come to, instead of the file: file, a target, or a URL', 'WHAT'),
    sql: flag.boolean('Print the SQL that leads from one to the other'),
    owner: flag.boolean('Compare to whom objects belong too'),
    noGrants: flag.boolean('Do not compare what was granted to whom'),
    exitCode: flag.boolean('Exit with 5 when they differ'),
  },
  examples: ['schema diff', 'schema diff prod --sql', 'schema diff --from staging --to prod --exit-code'],

  async run({ from, to, owner, noGrants }, tools) {
    if (from === 'file' && (to ?? 'file') === 'file') throw new Failure('usage', 'Both sides are the file.')
    const one = await openSide(from ?? (await tools.resolvedTarget()).name, tools)
    const other = await openSide(to ?? 'file', tools)
    const progress = tools.progress.line(`Comparing ${one.name} with ${other.name}`)
    try {
      const difference = await diffSchemas(one.side, other.side, { owners: owner, grants: !noGrants })
      return {
        from: one.name,
        to: other.name,
        differs: difference.changes.length > 0,
        ...difference,
        script: diffScript(difference),
      }
    } finally {
      progress.end()
    }
  },

  show(difference, screen, { sql }) {
    const { from, to, changes, notes, incomplete, likelyRenames, script } = difference
    for (const note of [...notes, ...incomplete]) screen.warn(note)
    if (sql) {
      for (const rename of likelyRenames) screen.warn(rename)
      return screen.raw(script)
    }
    if (changes.length === 0)
      return screen.line(
        `${from} is what ${to} says: no difference${incomplete.length > 0 ? ' in what is compared' : ''}.`,
      )
    screen.line(`What leads from ${from} to ${to}:`)
    for (const line of linesOf(difference, screen)) screen.line(line)
    for (const rename of likelyRenames) screen.line(`${rename} It would be dropped and created: rename it first if so.`)
    for (const { destructive } of difference.statements)
      if (destructive !== undefined) screen.line(`${screen.style('red', 'destructive:')} ${destructive}`)
    screen.line(`${counted(changes.length, 'difference')}. --sql prints the statements.`)
  },

  exit: ({ differs, incomplete }, { exitCode }) => ((differs || incomplete.length > 0) && exitCode ? 5 : 0),
})

const signs = { created: ['+', 'green'], dropped: ['-', 'red'], changed: ['~', 'yellow'] } as const

/** A line for each object, and what differs in it below: parts of a table that is there too stand under it. */
function linesOf({ changes }: Pick<SchemaDifference, 'changes'>, screen: Pick<Screen, 'style'>): string[] {
  const whole = new Set(changes.filter(({ change }) => change !== 'changed').map(({ id }) => id))
  const listed = new Set(changes.map(({ id }) => id))
  // What comes or goes with a table is said with it.
  const own = changes.filter(({ of, change }) => of === undefined || change === 'changed' || !whole.has(of))
  return own.flatMap(({ change, id, of, details }) => {
    const [sign, color] = signs[change]
    const indent = of !== undefined && listed.has(of) ? '      ' : '  '
    return [`${indent}${screen.style(color, `${sign} ${id}`)}`, ...details.map((detail) => `${indent}    ${detail}`)]
  })
}

/** Opens what --from and --to name. */
async function openSide(word: string, tools: Tools): Promise<{ name: string; side: DiffSide }> {
  const { name, schemaFile } = await tools.resolvedTarget()
  if (word === 'file') {
    const file = tools.nameFile(schemaFile)
    const script = await readScript(schemaFile, file, { signal: tools.signal })
    return { name: file, side: { kind: 'script', script, scratch: await scratchServers(tools) } }
  }
  if (word === name) return { name: word, side: { kind: 'database', cluster: await tools.target() } }
  const cluster = await tools.otherTarget(word.includes('://') ? { url: word } : { name: word })
  return { name: word.includes('://') ? cluster.database : word, side: { kind: 'database', cluster } }
}

/** Where a scratch database may be made: the target's own server is of the right version, and the embedded one is always there. */
async function scratchServers(tools: Tools): Promise<(() => Promise<OpenTarget>)[]> {
  const target = await tools.target()
  const embedded = async () => tools.otherTarget(embeddedTarget(await tools.project()))
  if (target.target.kind === 'embedded') return [async () => target]
  const own = target.target.thisMachine && (await tools.productionSigns(target)).length === 0
  return own ? [async () => target, embedded] : [embedded]
}
