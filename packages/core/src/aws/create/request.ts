import { Failure } from '../../errors.ts'

/** How the master user logs in. */
type MasterLogin = 'secret' | 'iam'

/** What is wanted of a new instance. */
export interface CreationRequest {
  /** 1 to 63 letters, digits and hyphens. */
  name: string
  /** Two zones, longer backups, a larger class. */
  production: boolean
  /** `17` or `17.10`. Default: what RDS takes by default. */
  version?: string
  /** Default: db.t4g.micro, for production db.t4g.medium. */
  class?: string
  /** Default: 20. */
  storageGib?: number
  /** Up to where the storage grows by itself. Default: five times as much. */
  maxStorageGib?: number
  /** Default: 5432. */
  port?: number
  /** The database to make at once. */
  database: string
  /** Default: `NAME_owner`; never a name that everybody tries. */
  masterUser?: string
  /** `secret`: RDS makes the password, keeps it in Secrets Manager and changes it every week. `iam`: there is none. */
  master: MasterLogin
  /** Networks that may connect over the internet, as `203.0.113.7/32`. Where there are any, the instance gets a public address. */
  reachableFrom: readonly string[]
  /** Security groups whose members may connect. */
  fromGroups: readonly string[]
  /** Default: the account's only network, or its default one. */
  vpc?: string
  /** Subnets in two zones at least. Default: those without a way to the internet; where there are none, new ones. */
  subnets?: readonly string[]
  /** Besides those that pgrig sets. */
  tags: Readonly<Record<string, string>>
  /** What does it. */
  program: string
}

/** A request whose open questions are answered. */
export type CheckedRequest = CreationRequest &
  Required<Pick<CreationRequest, 'class' | 'storageGib' | 'maxStorageGib' | 'port' | 'masterUser'>>

/** The first part of the names of what is made beside the instance. */
export const prefix = 'pgrig-'

/** Says for which instance something was made. */
export const instanceTag = 'pgrig:instance'

/** Names that scanners try first, and those that RDS keeps for itself. */
const commonUsers = new Set([
  'postgres',
  'admin',
  'administrator',
  'root',
  'master',
  'dbadmin',
  'rdsadmin',
  'user',
  'public',
])

/** @throws `usage` where a name or number is one that RDS does not take. */
export function checkRequest(request: CreationRequest): CheckedRequest {
  const { name, production } = request
  if (!/^[a-zA-Z][a-zA-Z0-9-]{0,62}$/.test(name) || name.includes('--') || name.endsWith('-')) {
    throw new Failure('usage', `${JSON.stringify(name)} is no name for an instance.`, {
      hint: '1 to 63 letters, digits and hyphens: the first is a letter, no two hyphens in a row, none at the end.',
    })
  }
  const storageGib = request.storageGib ?? 20
  if (!Number.isInteger(storageGib) || storageGib < 20 || storageGib > 65_536)
    throw new Failure('usage', 'The storage is 20 to 65536 GiB.')
  const maxStorageGib = request.maxStorageGib ?? Math.min(65_536, storageGib * 5)
  // RDS takes no limit that is less than 10 % above what there is.
  if (maxStorageGib < Math.ceil(storageGib * 1.1))
    throw new Failure('usage', `The storage has to be able to grow to ${Math.ceil(storageGib * 1.1)} GiB at least.`)
  const port = request.port ?? 5432
  if (!Number.isInteger(port) || port < 1150 || port > 65_535) throw new Failure('usage', 'The port is 1150 to 65535.')
  const masterUser = request.masterUser ?? defaultMaster(request.database)
  if (!/^[a-zA-Z]\w{0,15}$/.test(masterUser)) {
    throw new Failure('usage', `${JSON.stringify(masterUser)} is no name for the master user.`, {
      hint: '1 to 16 letters, digits and underscores; the first is a letter.',
    })
  }
  if (commonUsers.has(masterUser.toLowerCase())) {
    throw new Failure(
      'usage',
      `${masterUser} is the first name that everybody tries, or one that RDS keeps for itself.`,
      {
        hint: `Another one, as --master-user ${defaultMaster(request.database)}. It cannot be changed later.`,
      },
    )
  }
  if (!/^[a-zA-Z_]\w{0,62}$/.test(request.database)) {
    throw new Failure('usage', `RDS makes no database ${JSON.stringify(request.database)}.`, {
      hint: 'It takes letters, digits and underscores. Any other name is made afterwards: pgrig create.',
    })
  }
  for (const network of request.reachableFrom) checkNetwork(network)
  return {
    ...request,
    class: request.class ?? (production ? 'db.t4g.medium' : 'db.t4g.micro'),
    storageGib,
    maxStorageGib,
    port,
    masterUser,
  }
}

function defaultMaster(database: string): string {
  const letters = database.replace(/\W/g, '_').replace(/^[^a-zA-Z]+/, '')
  return `${(letters || 'db').slice(0, 10)}_owner`
}

/** One address, or what is wider on purpose; the whole internet never. */
function checkNetwork(network: string): void {
  const [address = '', bits = ''] = network.split('/')
  const wide = address.includes(':') ? 64 : 24
  if (!/^\d+$/.test(bits) || !/^[\d.]+$|^[\da-f:]+$/i.test(address))
    throw new Failure('usage', `${network} is no network.`, {
      hint: 'One address is 203.0.113.7/32, or 2001:db8::7/128.',
    })
  if (Number(bits) < wide) {
    throw new Failure('usage', `${network} is ${Number(bits) === 0 ? 'everybody' : 'too many'}.`, {
      hint: `Nothing wider than /${wide} is opened to the internet here.`,
    })
  }
}
