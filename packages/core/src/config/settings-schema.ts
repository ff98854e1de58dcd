import * as z from 'zod/mini'
import { Failure } from '../errors.ts'
import { sslModes } from './libpq.ts'
import { parseConnectionUrl } from './url.ts'

// A module of its own, because loading the validator takes longer than most commands need for everything else.

const identifier = z
  .string()
  .check(
    z.refine(
      (name) => name !== '' && !name.includes('\0') && Buffer.byteLength(name) <= 63,
      'must be 1 to 63 bytes long',
    ),
  )

const path = z.string().check(z.refine((name) => name !== '' && !name.includes('\0'), 'must be the path of a file'))

const url = z.string().check((context) => {
  const message = findUrlFault(context.value)
  if (message !== undefined) context.issues.push({ code: 'custom', message, input: undefined })
})

function findUrlFault(text: string): string | undefined {
  try {
    const { password, sslpassword } = parseConnectionUrl(text, '')
    return password === undefined && sslpassword === undefined ? undefined : passwordFault
  } catch (error) {
    if (error instanceof Failure) return error.message.trim().replace(/\.$/, '')
    throw error
  }
}

/** What the message of a URL with a password says. */
export const passwordFault = 'holds a password, and pgrig.json holds no secret'

const region = z.string().check(z.regex(/^[a-z]{2,}(-[a-z]+)+-\d+$/, 'must be a region such as eu-central-1'))

const target = z.strictObject({
  url: z.optional(
    url.check(z.describe('Where the target is, without the password: postgresql://user@host:5432/database.')),
  ),
  rds: z.optional(
    z
      .string()
      .check(
        z.regex(/^[a-zA-Z][a-zA-Z0-9-]{0,62}$/, 'must be the name of an instance'),
        z.describe('The instance or cluster on Amazon RDS, when there is no URL.'),
      ),
  ),
  user: z.optional(
    identifier.check(z.describe('With rds: who logs in. Default: the master user, or whom the secret names.')),
  ),
  login: z.optional(
    z
      .enum(['secret', 'iam'])
      .check(
        z.describe(
          'With rds: how. secret: with a password from Secrets Manager; iam: with a token of 15 minutes. Default: secret where there is one, else iam.',
        ),
      ),
  ),
  secret: z.optional(
    z
      .string()
      .check(
        z.minLength(1),
        z.describe(
          'With rds: the secret with username and password. Default: the one that RDS manages for the master user.',
        ),
      ),
  ),
  reader: z.optional(z.boolean().check(z.describe('With rds: a cluster’s endpoint for reading. Default: false.'))),
  database: z.optional(identifier.check(z.describe('The database, when the URL names none.'))),
  protected: z.optional(
    z
      .boolean()
      .check(
        z.describe('Production: nothing is lost there without its name typed. Default: true for prod and production.'),
      ),
  ),
  schema: z.optional(path.check(z.describe('The schema of this target, when it differs.'))),
  seed: z.optional(path.check(z.describe('The seed of this target, when it differs.'))),
  sslmode: z.optional(
    z
      .enum(sslModes)
      .check(
        z.describe(
          'How the connection is encrypted and checked, when neither the URL nor PGSSLMODE says it. Default: verify-full, on this machine prefer.',
        ),
      ),
  ),
  sslrootcert: z.optional(path.check(z.describe('A file with the authorities to trust, or "system".'))),
})

const role = z.strictObject({
  as: z
    .enum(['readonly', 'app', 'migrator', 'admin'])
    .check(z.describe('What it is for: readonly, app, migrator or admin. docs/guide/roles.md says what each may do.')),
  schemas: z.optional(z.array(identifier).check(z.minLength(1), z.describe('Where. Default: public.'))),
  expires: z.optional(
    z
      .string()
      .check(
        z.regex(/^[1-9]\d{0,5}[hdw]$/, 'must be a time such as 90d, 12w or 36h'),
        z.describe('How long a password may last: 90d, 12w, 36h. Default: as it is, and for ever for a new one.'),
      ),
  ),
  connectionLimit: z.optional(
    z
      .int()
      .check(z.gte(-1), z.lte(10_000), z.describe('How many sessions it may have at once; -1: as many as there are.')),
  ),
  memberOf: z.optional(
    z
      .array(identifier)
      .check(z.describe('Roles that it is a member of, besides those that its level needs: these and no others.')),
  ),
  iam: z.optional(
    z
      .boolean()
      .check(z.describe('On Amazon RDS: it logs in with a token of IAM, and has no password. Default: as it is.')),
  ),
})

/** What pgrig.json may hold. */
export const settingsSchema = z.strictObject({
  $schema: z.optional(z.string().check(z.describe('The address of this description, for editors.'))),
  database: z.optional(
    identifier.check(z.describe('The database of all targets. Default: the name in package.json, else of the folder.')),
  ),
  schema: z.optional(path.check(z.describe('The script that makes the tables. Default: db/schema.sql.'))),
  seed: z.optional(path.check(z.describe('The script that fills them. Default: db/seed.sql.'))),
  migrations: z.optional(path.check(z.describe('The folder of the migrations. Default: db/migrations.'))),
  server: z.optional(
    z
      .strictObject({
        port: z.optional(z.int().check(z.gte(1), z.lte(65535), z.describe('Its port. Default: one that is free.'))),
      })
      .check(z.describe('The embedded server.')),
  ),
  undo: z.optional(
    z
      .strictObject({
        days: z.optional(z.int().check(z.gte(1), z.lte(3650), z.describe('For so many days. Default: 7.'))),
        copies: z.optional(
          z.int().check(z.gte(1), z.lte(1000), z.describe('The newest so many of each name. Default: 3.')),
        ),
      })
      .check(z.describe('How long dropped databases are kept for pgrig undo.')),
  ),
  aws: z.optional(
    z
      .strictObject({
        region: z.optional(region.check(z.describe('Where, when neither --region nor the environment says it.'))),
        profile: z.optional(z.string().check(z.minLength(1), z.describe('The profile of ~/.aws/config.'))),
        addressServices: z.optional(
          z
            .array(z.string().check(z.regex(/^https:\/\/|^http:\/\/127\.0\.0\.1[:/]/, 'must be an https URL')))
            .check(
              z.minLength(1),
              z.describe('What tells the public address of this machine. Default: two that are compared.'),
            ),
        ),
        regions: z.optional(
          z.array(region).check(z.minLength(1), z.describe('The regions where data may be. Default: any.')),
        ),
      })
      .check(z.describe('Amazon Web Services.')),
  ),
  targets: z.optional(
    z
      .record(z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9_-]*$/)), target)
      .check(z.describe('The databases that commands can be told to work on, by name.')),
  ),
  roles: z.optional(
    z.record(identifier, role).check(z.describe('The roles that there are to be, by name: roles plan, roles apply.')),
  ),
})

export type Settings = z.infer<typeof settingsSchema>

/** The JSON Schema of pgrig.json. */
export function makeJsonSchema(): object {
  return z.toJSONSchema(settingsSchema, { io: 'input' })
}
