import { fault } from './faults.ts'
import type { Handlers } from './fake-aws.ts'
import { nextId, type FakeSecret, type State } from './state.ts'

export const secretHandlers: Handlers<'secretsmanager'> = {
  CreateSecret({ Name = '', SecretString = '', Tags }, state) {
    if ([...state.secrets.values()].some(({ name }) => name === Name))
      throw fault('ResourceExistsException', `The operation failed because the secret ${Name} already exists.`)
    const secret = addSecret(state, Name, SecretString)
    for (const { Key = '', Value = '' } of Tags ?? []) secret.tags[Key] = Value
    return { ARN: secret.arn, Name, VersionId: current(secret).id }
  },

  PutSecretValue({ SecretId = '', SecretString = '' }, state) {
    const secret = find(state, SecretId)
    refuseManaged(secret)
    const version = addVersion(state, secret, SecretString)
    return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: version.stages }
  },

  GetSecretValue({ SecretId = '', VersionStage = 'AWSCURRENT' }, state) {
    const secret = find(state, SecretId)
    const version = secret.versions.find(({ stages }) => stages.includes(VersionStage))
    if (!version)
      throw fault(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for staging label: ${VersionStage}`,
      )
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      SecretString: version.value,
      VersionStages: version.stages,
      CreatedDate: new Date(version.createdAt),
    }
  },

  DescribeSecret({ SecretId = '' }, state) {
    const secret = find(state, SecretId)
    const rotating = secret.rotationDays !== undefined
    return {
      ARN: secret.arn,
      Name: secret.name,
      RotationEnabled: rotating,
      ...(rotating && {
        RotationRules: { AutomaticallyAfterDays: secret.rotationDays },
        LastRotatedDate: new Date(current(secret).createdAt),
      }),
      ...(secret.managedBy !== undefined && { OwningService: secret.managedBy }),
      VersionIdsToStages: Object.fromEntries(secret.versions.map(({ id, stages }) => [id, stages])),
      Tags: Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value })),
    }
  },

  DeleteSecret({ SecretId = '' }, state) {
    const secret = find(state, SecretId)
    refuseManaged(secret)
    secret.deletedAt = state.now
    return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date(state.now) }
  },

  GetRandomPassword({ PasswordLength = 32 }) {
    return { RandomPassword: 'x'.repeat(PasswordLength) }
  },
}

export function addSecret(state: State, name: string, value: string): FakeSecret {
  const arn = `arn:aws:secretsmanager:${state.region}:${state.account}:secret:${name}-AbCdEf`
  const secret: FakeSecret = { arn, name, versions: [], tags: {} }
  addVersion(state, secret, value)
  state.secrets.set(arn, secret)
  return secret
}

/** The new version is current, the one before it previous. */
export function addVersion(state: State, secret: FakeSecret, value: string) {
  for (const version of secret.versions) {
    version.stages = version.stages.includes('AWSCURRENT') ? ['AWSPREVIOUS'] : []
  }
  const version = { id: nextId(state, 'version'), value, stages: ['AWSCURRENT'], createdAt: state.now }
  secret.versions.push(version)
  return version
}

function current(secret: FakeSecret) {
  const version = secret.versions.at(-1)
  if (!version) throw new Error('A secret has a version')
  return version
}

function find(state: State, id: string): FakeSecret {
  const secret = state.secrets.get(id) ?? [...state.secrets.values()].find(({ name }) => name === id)
  if (!secret || secret.deletedAt !== undefined)
    throw fault('ResourceNotFoundException', "Secrets Manager can't find the specified secret.")
  return secret
}

function refuseManaged(secret: FakeSecret): void {
  if (secret.managedBy !== undefined)
    throw fault(
      'InvalidRequestException',
      `You can't perform this operation on a secret managed by ${secret.managedBy}.`,
    )
}
