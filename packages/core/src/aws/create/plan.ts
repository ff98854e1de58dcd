import { Failure } from '../../errors.ts'
import { findRdsInstance, type RdsInstance } from '../instances.ts'
import { priceOf, type MonthlyPrice } from '../prices.ts'
import type { Aws } from '../port.ts'
import { fieldReasons, instanceFields, type FieldReason } from './instance-fields.ts'
import { listSteps } from './list-steps.ts'
import { findNetwork, type PlannedNetwork } from './network.ts'
import { findOffer } from './offers.ts'
import { checkRequest, type CheckedRequest, type CreationRequest } from './request.ts'
import type { Made, Step } from './steps.ts'

/** What creating an instance comes to. */
export interface CreationPlan {
  request: CheckedRequest
  /** In the order in which they are made; none where the instance is there already. */
  steps: Step[]
  /** What the steps are told before the first one has run: names in place of ids. */
  named: Made
  reasons: FieldReason[]
  network: PlannedNetwork | undefined
  /** Undefined where the prices of the region and class are not known. */
  price: MonthlyPrice | undefined
  warnings: string[]
  /** The instance, where it is there already, as it was asked for. */
  existing: RdsInstance | undefined
}

/**
 * Plans an instance: asks what AWS offers and what is there, and changes nothing.
 *
 * @throws `usage`; `aws_differs` where an instance of the name is there and is not as asked for.
 */
export async function planCreation(aws: Aws, given: CreationRequest): Promise<CreationPlan> {
  const request = checkRequest(given)
  const existing = await findRdsInstance(aws, request.name)
  const nothing = { request, steps: [], reasons: [], network: undefined, warnings: [], named: namesOf(undefined) }
  const price = priceOf(aws.region, request.class, request.storageGib, request.production)
  if (existing) {
    checkExisting(existing, request)
    return { ...nothing, existing, price }
  }
  const offer = await findOffer(aws, request.version, request.class)
  if (request.production && !offer.multiAz)
    throw new Failure('aws_failed', `RDS offers ${request.class} in one zone alone here, and production wants two.`)
  if (request.master === 'iam' && !offer.iam)
    throw new Failure('aws_failed', `RDS offers no login by IAM for ${request.class}.`)
  const network = await findNetwork(aws, request)
  // What is off protects nothing, but for the public address.
  const fields = instanceFields(request, offer, namesOf(network), '')
  const said = fieldReasons.filter(
    ({ field }) => fields[field] !== undefined && (fields[field] !== false || field === 'PubliclyAccessible'),
  )
  return {
    request,
    steps: listSteps(request, offer, network),
    named: namesOf(network),
    reasons: said,
    network,
    price,
    warnings: listWarnings(request),
    existing: undefined,
  }
}

/** What a step is told of what is made before it, for people to read; what is there already by its own id. */
function namesOf(network: PlannedNetwork | undefined): Made {
  return {
    routeTable: network?.routeTable ?? '(the route table made above)',
    subnets: network?.newSubnets.length
      ? network.newSubnets.map(({ id, zone }) => id ?? `(the subnet made in ${zone})`)
      : (network?.subnets ?? []),
    securityGroup: '(the security group made above)',
  }
}

function listWarnings({
  class: instanceClass,
  production,
  reachableFrom,
  fromGroups,
  master,
}: CheckedRequest): string[] {
  return [
    ...(instanceClass.endsWith('.micro')
      ? ['A micro instance has 1 GiB of memory, and logins by IAM want 300 to 1000 MiB spare: use few of them at once.']
      : []),
    ...(reachableFrom.length > 0
      ? [
          `It gets a public address, open to ${reachableFrom.join(', ')}: the audit calls that a finding until pgrig.json accepts it.`,
        ]
      : []),
    ...(reachableFrom.length + fromGroups.length === 0
      ? ['Nobody can connect yet. Give --from-group sg-… for the program that needs it; from here: pgrig rds allow.']
      : []),
    ...(production && instanceClass.startsWith('db.t')
      ? ['A class that bursts is cheap, and slow once its credits are used up: db.m7g.large does not.']
      : []),
    ...(master === 'secret'
      ? ['The managed secret goes away with the instance, and no read replica can be made while RDS manages it.']
      : []),
  ]
}

/** @throws `aws_differs` with what is not as asked for. */
function checkExisting(existing: RdsInstance, request: CheckedRequest): void {
  if (existing.kind !== 'instance' || existing.engine !== 'postgres') {
    throw new Failure(
      'aws_differs',
      `${request.name} is there already: ${existing.kind === 'instance' ? existing.engine : `a ${existing.kind}`}.`,
      { hint: 'Take another name.' },
    )
  }
  const wanted: [string, unknown, unknown][] = [
    ['class', existing.class, request.class],
    ['port', existing.port ?? request.port, request.port],
    ['database', existing.database, request.database],
    ['master user', existing.masterUser, request.masterUser],
    ['public', existing.publiclyAccessible, request.reachableFrom.length > 0],
    ['two zones', existing.multiAz, request.production],
    ['encrypted', existing.encrypted, true],
    ['storage', existing.storageGib >= request.storageGib, true],
    ...(request.version === undefined
      ? []
      : [['version', `${existing.version}.`.startsWith(`${request.version}.`), true] as [string, unknown, unknown]]),
  ]
  const different = wanted.filter(([, is, asked]) => is !== asked)
  if (different.length === 0) return
  const lines = different.map(([what, is, asked]) =>
    typeof is === 'boolean' ? what : `${what} is ${String(is)}, not ${String(asked)}`,
  )
  throw new Failure('aws_differs', `${request.name} is there already, and is not as asked for: ${lines.join('; ')}.`, {
    hint: 'Nothing was changed. Take another name, or ask for what it is.',
  })
}
