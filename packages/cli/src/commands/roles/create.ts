import {
  applyRoles,
  Failure,
  levels,
  planRoles,
  proveNew,
  withConnection,
  type Level,
  type Proof,
  type RolesRequest,
  type WantedRole,
} from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { argument, flag } from '../../flag.ts'
import { choosePlace, passwordFlags, showPassword, warnOfGit } from '../../password-flags.ts'
import { differs, noteLimits, permitGrant, showStatements, statementsOf } from '../../roles-view.ts'

interface Outcome {
  name: string
  level: Level
  created: boolean
  limits: string[]
  /** Of a dry run. */
  statements?: string[]
  place?: string | null
  proof?: Proof
  /** With --print. */
  password?: string
}

export const create = defineCommand({
  name: 'roles create',
  summary: 'Create a role that logs in and may do no more than it is for',
  description: `Its level is one of these. readonly: look at everything in the schemas, in transactions that only read. app: also
insert, update and delete, use sequences and call functions, but change no table. migrator: make, change and drop tables. admin: make
databases and roles; on Amazon RDS a member of rds_superuser.

Privileges hold for what is there and for what the owners of objects and the migrators make later. They are held by groups, one for each
level and schema, which --dry-run shows.

The password is random, and only its SCRAM verifier goes to the server. A role that is there already is left alone: when it is as asked
that is no error.`,
  target: 'database',
  changes: true,
  asks: true,
  verbatim: true,
  arguments: { name: argument.required('The name of the role') },
  flags: {
    as: flag.choice('What it is for', levels, { default: 'readonly' }),
    schema: flag.list('Where; may be given several times (default: public)', 'NAME'),
    ...passwordFlags,
    iam: flag.boolean('On Amazon RDS: it logs in with a token of IAM, and has no password'),
    expires: flag.duration('How long the password is valid, as 90d'),
    connectionLimit: flag.number('How many sessions it may have at once', 'N'),
    adopt: flag.boolean('Give the objects of the schemas to the migrators’ group'),
    revokePublic: flag.boolean('Take from everybody: connecting, temporary tables, making objects in a schema'),
  },
  examples: [
    'roles create cruddur_app --as app --to app.password',
    'roles create reporting --expires 90d --print',
    'roles create deploy prod --as migrator --adopt --pgpass',
  ],

  async run({ name, as: level, schema, iam, expires, connectionLimit, adopt, revokePublic, ...where }, tools) {
    const wanted: WantedRole = {
      level,
      schemas: schema.length > 0 ? schema : ['public'],
      ...(expires !== undefined && { expiresSeconds: expires }),
      ...(connectionLimit !== undefined && { connectionLimit }),
      ...(iam && { iam }),
    }
    if (iam && (where.to !== undefined || where.pgpass || where.print)) {
      throw new Failure('usage', 'A role that logs in with a token of IAM has no password to keep.')
    }
    const request: RolesRequest = { wanted: { [name]: wanted }, now: new Date(), exact: true, adopt, revokePublic }
    const target = await tools.target()
    return withConnection(target, async (connection): Promise<Outcome> => {
      const plan = await planRoles(connection, request)
      const fresh = plan.created.includes(name)
      const none = { name, level, created: false, limits: plan.limits }
      if (!fresh && plan.changes.length === 0) return none
      if (!fresh) throw differs(name, plan)
      noteLimits(plan, tools)
      if (tools.dryRun) return { ...none, statements: statementsOf(plan.changes) }
      const keeperOf = iam ? undefined : await choosePlace(where, tools, target.target, target.address)
      await permitGrant(tools, target, { name, level, deed: `makes the role ${name} as ${level}` }, connection)
      const [made] = await applyRoles(connection, request, plan, keeperOf ?? unneeded)
      if (!made) return { ...none, created: true }
      await warnOfGit(made.place, tools)
      const validUntil = expires === undefined ? null : new Date(Date.now() + expires * 1000)
      const proof = await proveNew(connection.address, made, validUntil)
      return { ...none, created: true, place: made.place, proof, ...(where.print && { password: made.password }) }
    })
  },

  show({ name, level, created, statements, place, proof, password }, screen, { store }) {
    if (statements) return showStatements(statements, screen)
    if (!created) return screen.line(`${name} is there already, as asked.`)
    if (password === undefined) screen.line(`Created ${name} as ${level}.`)
    if (proof)
      showPassword(
        { role: name, place: place ?? null, proof, ...(password !== undefined && { password }) },
        screen,
        store,
      )
  },
})

function unneeded(): never {
  throw new Error('A role that logs in with a token of IAM has no password to keep.')
}
