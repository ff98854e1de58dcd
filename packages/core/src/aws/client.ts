import { Failure } from '../errors.ts'
import { rdsAuthToken } from './auth-token.ts'
import { explain, type Attempt } from './failure.ts'
import type { Aws, Service } from './port.ts'

export interface AwsOptions {
  /** Default: as the SDK finds it: `AWS_REGION`, then the profile's. */
  region?: string
  /** A profile of `~/.aws/config`. Default: `AWS_PROFILE`. */
  profile?: string
  /** Another place than AWS, for an emulator. */
  endpoint?: string
  /** How many times a call is made before it is given up. Default: 5, with pauses that grow. */
  attempts?: number
  signal?: AbortSignal
}

/** What all clients of the SDK have, as far as it is needed here. */
interface AnyClient {
  config: { region(): Promise<string> }
  send(command: object, options: { abortSignal?: AbortSignal }): Promise<unknown>
  destroy(): void
}

type AnyModule = Record<string, unknown>

/** The SDK is loaded by whoever needs it, a service at a time: it takes longer to load than most commands take to run. */
const modules: Record<Service, () => Promise<AnyModule>> = {
  rds: () => import('@aws-sdk/client-rds'),
  ec2: () => import('@aws-sdk/client-ec2'),
  secretsmanager: () => import('@aws-sdk/client-secrets-manager'),
  sts: () => import('@aws-sdk/client-sts'),
}

const clientNames: Record<Service, string> = {
  rds: 'RDSClient',
  ec2: 'EC2Client',
  secretsmanager: 'SecretsManagerClient',
  sts: 'STSClient',
}

/** A connection to AWS that has to be closed. */
export interface OpenAws extends Aws {
  close(): void
}

/**
 * Opens AWS with the SDK's standard chain of credentials: environment, profile, single sign-on, role, container. Calls nothing.
 *
 * @throws `aws_region` where nothing says which region.
 */
export async function openAws({ region, profile, endpoint, attempts = 5, signal }: AwsOptions = {}): Promise<OpenAws> {
  const options = {
    maxAttempts: attempts,
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(endpoint !== undefined && { endpoint }),
  }
  const clients = new Map<Service, Promise<AnyClient>>()
  const clientFor = (service: Service): Promise<AnyClient> => {
    const known = clients.get(service)
    if (known) return known
    const made = modules[service]().then((module) => make(module, clientNames[service], options) as AnyClient)
    clients.set(service, made)
    return made
  }
  const found = await findRegion(region, () => clientFor('rds'))
  return {
    region: found,
    async call(service, operation, input) {
      const attempt: Attempt = { service, operation, region: found, ...(profile !== undefined && { profile }) }
      const client = await clientFor(service)
      const command = make(await modules[service](), `${operation}Command`, input as object)
      try {
        // The types of the port say which answer belongs to which operation; the SDK's client takes all of them.
        return (await client.send(command, signal ? { abortSignal: signal } : {})) as never
      } catch (error) {
        signal?.throwIfAborted()
        throw explain(error, attempt)
      }
    },
    authToken: (request) => rdsAuthToken({ ...request, region: found, ...(profile !== undefined && { profile }) }),
    close() {
      for (const client of clients.values()) void client.then((open) => open.destroy())
    },
  }
}

async function findRegion(given: string | undefined, client: () => Promise<AnyClient>): Promise<string> {
  if (given !== undefined) return checkRegion(given)
  const found = await (await client()).config.region().catch((cause: unknown) => {
    throw new Failure('aws_region', 'Nothing says which region of AWS.', {
      cause,
      hint: 'Set AWS_REGION, give --region eu-central-1, or a region to the profile: aws configure set region eu-central-1.',
    })
  })
  return checkRegion(found)
}

function checkRegion(region: string): string {
  if (/^[a-z]{2,}(?:-[a-z]+)+-\d+$/.test(region)) return region
  throw new Failure('aws_region', `${JSON.stringify(region)} is no region of AWS.`, {
    hint: 'A region looks like this: eu-central-1.',
  })
}

function make(module: AnyModule, name: string, input: object): object {
  const constructor = module[name] as new (input: object) => object
  return new constructor(input)
}
