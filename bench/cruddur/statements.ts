import { readFileSync } from 'node:fs'
import { activitiesPerThread, type Size } from './database.ts'
import { root } from './services.ts'

/** What is measured: three reads and a write. */
export const operations = ['home', 'user', 'thread', 'insert'] as const

export type Operation = (typeof operations)[number]

/** How many people are signed in. */
export const viewers = 200

/** A page as the API gives it unless asked. */
export const pageSize = 20

// Neither a constant nor a known null: the server must not plan with more than it knows of the application's parameters.
const nobody = "nullif(:none::text, '0')"
const viewer = "('bench-' || :viewer::int)"
const uuid = "(lpad(to_hex(:thread::int), 8, '0') || '-0000-7000-8000-000000000000')::uuid"

const values: Record<Operation, { file: string; parameters: string[] }> = {
  home: { file: 'home', parameters: [viewer, ':size::int', nobody] },
  user: { file: 'profile', parameters: [viewer, ':size::int', nobody, "('person' || :person::int)"] },
  thread: { file: 'thread', parameters: [viewer, ':size::int', uuid, nobody] },
  insert: {
    file: 'create-activity',
    parameters: [viewer, "('Said by pgbench: ' || :person::int)", ':seconds::float8', `${nobody}::uuid`],
  },
}

/** The application's own statement as a script of pgbench, with random people and threads for its parameters. */
export function pgbenchScript(operation: Operation, { people, activities }: Size): string {
  const { file, parameters } = values[operation]
  const text = readFileSync(`${root}cruddur/db/queries/${file}.sql`, 'utf8')
    // pgbench takes a semicolon in a comment for the end, and a colon for a variable.
    .replace(/--.*$/gm, '')
    .replace(/\$(\d)/g, (_, number: string) => parameters[Number(number) - 1] ?? '')
  return [
    '\\set none 0',
    `\\set size ${pageSize}`,
    '\\set seconds 604800',
    `\\set viewer random(1, ${viewers})`,
    `\\set person random(1, ${people})`,
    `\\set thread random(0, ${activities / activitiesPerThread - 1}) * ${activitiesPerThread} + 1`,
    `${text.trim()};`,
    '',
  ].join('\n')
}
