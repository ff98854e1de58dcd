import { findLogin, verifiedUrl } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { argument, flag } from '../../flag.ts'
import { lookActions } from '../../rds-view.ts'

export const url = defineCommand({
  name: 'rds url',
  summary: 'Print how to connect to an instance: its URL, without the password',
  description: `The host, the port and the database are those that RDS tells. The connection is encrypted and checked (verify-full).

--reveal prints the password too, or a token of IAM that begins sessions for 15 minutes: into the terminal's memory, and wherever the output
goes. To run a program with it, pgrig exec needs no one to see it.`,
  target: 'none',
  verbatim: true,
  aws: [...lookActions, 'secretsmanager:GetSecretValue', 'rds-db:connect'],
  arguments: { name: argument.required('The name of the instance or cluster, or of a target that has one') },
  flags: {
    user: flag.string('Who logs in (default: the master user, or whom the secret names)', 'ROLE'),
    login: flag.choice('How: with a password from Secrets Manager, or a token of IAM', ['secret', 'iam']),
    secret: flag.string('A secret with username and password', 'SECRET'),
    reader: flag.boolean('The endpoint for reading'),
    database: flag.string('The database (default: the one made with the instance)', 'NAME'),
    reveal: flag.boolean('With the password or token'),
  },
  examples: ['rds url cruddur-db', 'rds url prod --user cruddur_app --login iam', 'rds url cruddur-db --reveal'],

  async run({ name, database, reveal, reader, ...given }, tools) {
    const target = (await tools.project()).settings.targets?.[name]
    const aws = await tools.aws()
    const login = await findLogin(aws, target?.rds ?? name, {
      ...wishOf(target ?? {}),
      ...wishOf(given),
      ...((reader || target?.reader === true) && { reader: true }),
    })
    const { host, port, user } = login
    const place = { host, port, user, database: database ?? target?.database ?? login.database ?? 'postgres' }
    const password = reveal ? await login.findPassword(true) : undefined
    const token = login.passwordOrigin === 'a token of IAM'
    return {
      ...place,
      url: verifiedUrl({ ...place, ...(password !== undefined && { password }) }),
      password: login.passwordOrigin,
      expiresAt: reveal && token ? new Date(tools.clock.now() + 900_000).toISOString() : null,
    }
  },

  show({ url: text, expiresAt }, screen) {
    screen.line(text)
    if (expiresAt !== null) screen.note(`The token begins sessions until ${expiresAt.slice(11, 16)} UTC.`)
  },
})

interface Wish {
  user?: string | undefined
  login?: 'secret' | 'iam' | undefined
  secret?: string | undefined
}

function wishOf({ user, login, secret }: Wish) {
  return {
    ...(user !== undefined && { user }),
    ...(login !== undefined && { login }),
    ...(secret !== undefined && { secret }),
  }
}
