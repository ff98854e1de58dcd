import type { Address } from '../postgres/address.ts'
import type { Environment } from './environment.ts'
import type { ConnectionValues } from './libpq.ts'
import type { Project, TargetSettings } from './project.ts'
import { resolveAddress } from './server-address.ts'
import type { CommonTarget, ServerTarget, TargetRequest } from './target.ts'
import type { VariableLayer } from './variables.ts'

/** What a target on Amazon RDS is asked for. */
export interface RdsWish {
  /** The name of the instance or cluster. */
  name: string
  user?: string
  login?: 'secret' | 'iam'
  secret?: string
  reader?: boolean
}

/** Where it is, and how to log in there. */
export interface RdsPlace {
  host: string
  port: number
  user: string
  /** The one that was made with the instance. */
  database?: string
  /** For people to read: `a token of IAM`. */
  passwordOrigin: string
  findPassword: NonNullable<Address['findPassword']>
}

interface RdsSources {
  name: string
  project: Project
  environment: Environment
  layers: readonly VariableLayer[]
  common: Omit<CommonTarget, 'database'>
}

/** A target that pgrig.json names an instance for: where it is and how to log in is asked there, and never written down. */
export async function resolveRds(
  settings: TargetSettings & { rds: string },
  find: NonNullable<TargetRequest['findRds']>,
  { name, project, environment, layers, common }: RdsSources,
): Promise<ServerTarget> {
  const { rds, user, login, secret, reader } = settings
  const place = await find({
    name: rds,
    ...(user !== undefined && { user }),
    ...(login !== undefined && { login }),
    ...(secret !== undefined && { secret }),
    ...(reader !== undefined && { reader }),
  })
  const url: ConnectionValues = {
    host: place.host,
    port: String(place.port),
    user: place.user,
    ...(settings.database === undefined && place.database !== undefined && { dbname: place.database }),
  }
  const resolved = await resolveAddress({
    target: name,
    settings,
    project,
    environment,
    layers,
    url,
    urlOrigin: `RDS ${rds}`,
  })
  const { password: _, ...address } = resolved.address
  return {
    ...common,
    ...resolved,
    kind: 'server',
    address: { ...address, findPassword: place.findPassword },
    database: address.database,
    values: [
      ...resolved.values.filter(({ name: value }) => value !== 'password'),
      { name: 'password', value: '***', origin: place.passwordOrigin },
      ...common.values,
    ],
  }
}
