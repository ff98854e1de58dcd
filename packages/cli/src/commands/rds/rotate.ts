import {
  Failure,
  listSessions,
  readMasterSecretArn,
  readRdsInstance,
  rotateMasterPassword,
  verifiedUrl,
  type Address,
  type Connection,
  type MasterLogin,
} from '@pgrig/core'
import { defineCommand, type Tools } from '../../command.ts'
import { argument } from '../../flag.ts'
import { lookActions } from '../../rds-view.ts'

/** Who logged in before there was the new password. */
interface OldSession {
  pid: number
  application: string
  client: string | null
  startedAt: string | null
}

interface Proof {
  proven: boolean
  why?: string
  sessions: OldSession[]
}

export const rotate = defineCommand({
  name: 'rds rotate',
  summary: 'Give the master user of an instance or cluster a new password, which RDS manages',
  description: `RDS makes the password and keeps it in Secrets Manager; nobody sees it here. Then pgrig logs in with it, encrypted and checked
(verify-full), and names the sessions that still run with the one before. They go on; what connects anew needs the new one, which pgrig and
whatever reads the secret for each connection find by themselves.

When the server cannot be reached from here the password is changed all the same: that it was not tried is said, and is exit code 5.
The roles of applications: pgrig roles rotate.`,
  target: 'none',
  destructive: true,
  aws: [
    ...lookActions,
    'rds:ModifyDBInstance',
    'rds:ModifyDBCluster',
    'secretsmanager:GetSecretValue',
    'secretsmanager:RotateSecret',
  ],
  arguments: { name: argument.required('The name of the instance or cluster') },
  flags: {},
  examples: ['rds rotate cruddur-db', 'rds rotate cruddur-db --confirm cruddur-db'],

  async run({ name }, tools) {
    const aws = await tools.aws()
    const instance = await readRdsInstance(aws, name)
    const { masterUser: user, host, port, database } = instance
    const secret = readMasterSecretArn(instance)
    if (host === null || port === null) throw new Failure('aws_state', `${name} has no endpoint.`)
    if (tools.dryRun) return { name, user, secret, rotated: false, proof: null }
    tools.note(`This changes the password of ${user}, the master user of ${name}.`)
    await tools.confirmName(`Type ${name} to go on:`, name)
    const url = verifiedUrl({ host, port, user, database: database ?? 'postgres' })
    const target = await tools.otherTarget({ url })
    await tools.noteRdsChange(name, 'rotates the password of the master user')
    const login = await rotateMasterPassword(aws, instance, { clock: tools.clock, signal: tools.signal })
    const { findPassword: _, ...address } = target.address
    return { name, user, secret, rotated: true, proof: await prove(tools, address, login) }
  },

  show({ name, user, secret, rotated, proof }, screen) {
    if (!rotated || proof === null) return screen.line(`Would have RDS change the password of ${user} in ${secret}.`)
    if (!proof.proven) {
      screen.line(`RDS has changed the password of ${user}. It was not tried: ${proof.why}`)
      return screen.note(`Try it from where ${name} can be reached; the password is in ${secret}.`)
    }
    screen.line(`The password of ${user} is changed, and logging in with it works. It is in ${secret}.`)
    if (proof.sessions.length === 0) return screen.line('Nobody runs on the old one.')
    screen.line('With the old one these still run, until they end:')
    for (const { pid, application, client, startedAt } of proof.sessions) {
      screen.line(
        `  ${pid}  ${application === '' ? 'no name' : application}  ${client ?? 'local'}  since ${startedAt ?? 'unknown'}`,
      )
    }
  },

  exit: ({ rotated, proof }) => (rotated && proof?.proven === false ? 5 : 0),
})

/** RDS writes the secret a moment before or after the server knows it. */
const patienceSeconds = 60

async function prove(tools: Tools, address: Address, login: MasterLogin): Promise<Proof> {
  const started = tools.clock.now()
  for (;;) {
    let connection: Connection
    try {
      connection = await tools.connect(
        { ...address, user: login.user, password: login.password },
        { application: 'pgrig rds rotate', signal: tools.signal },
      )
    } catch (error) {
      if (!(error instanceof Failure) || tools.signal.aborted) throw error
      if (error.sql?.sqlstate !== '28P01') return { proven: false, why: error.message, sessions: [] }
      if (tools.clock.now() - started > patienceSeconds * 1000) {
        throw new Failure('connection_denied', `The server does not accept the new password of ${login.user}.`, {
          cause: error,
          state: 'RDS has a new version of the secret, and the server knows another password.',
          hint: 'Wait some minutes, then run it again: RDS sets both anew.',
        })
      }
      await tools.clock.sleep(5000, tools.signal)
      continue
    }
    try {
      const sessions = await listSessions(connection, { user: login.user, all: true })
      return { proven: true, sessions: sessions.filter((one) => !one.own && isOlder(one, login.madeAt)).map(describe) }
    } finally {
      await connection.close()
    }
  }
}

function isOlder({ startedAt }: OldSession, than: Date): boolean {
  return startedAt === null || Date.parse(startedAt) < than.getTime()
}

function describe({ pid, application, client, startedAt }: OldSession): OldSession {
  return { pid, application, client, startedAt }
}
