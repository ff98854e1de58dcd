import { Failure, type FailureCode } from '../errors.ts'

/** A call that was made. */
export interface Attempt {
  service: string
  operation: string
  region: string
  profile?: string
}

/** What the SDK throws, as far as it can be relied on: the names are those of AWS's API reference. */
interface SdkError extends Error {
  $fault?: 'client' | 'server'
  $metadata?: { httpStatusCode?: number; requestId?: string }
  Code?: string
  code?: string
}

/** The IAM action of an operation, where it has another name or service than the operation. */
const actions: Record<string, string> = {}

/** The action that a policy has to allow for a call: `rds:CreateDBInstance`. */
function actionOf({ service, operation }: Pick<Attempt, 'service' | 'operation'>): string {
  return actions[operation] ?? `${service}:${operation}`
}

const denied = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AccessDeniedFault|AuthorizationError)$/
const badToken =
  /^(InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignatureException|AuthFailure|IncompleteSignature|MissingAuthenticationToken)$/
const expired = /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/
const noCredentials = /^(CredentialsProviderError|TokenProviderError|ProviderError)$/
const throttled =
  /^(Throttling|ThrottlingException|ThrottledException|RequestLimitExceeded|TooManyRequestsException|RequestThrottled|SlowDown|ProvisionedThroughputExceededException)$/
const notFound = /NotFound(Fault|Exception)?$|^ResourceNotFoundException$|\.NotFound$/
const alreadyThere = /AlreadyExists(Fault|Exception)?$|^ResourceExistsException$|\.Duplicate$/
const wrongState = /^Invalid\w*State(Fault)?$|^IncorrectState$|^DependencyViolation$|^InvalidRequestException$/
const quota = /QuotaExceeded(Fault)?$|LimitExceeded(Fault|Exception)?$|^InsufficientDBInstanceCapacity(Fault)?$/

/** Says what AWS said in a sentence, what it means, and what to do. What is not AWS's is returned as it is. */
export function explain(thrown: unknown, attempt: Attempt): unknown {
  if (thrown instanceof Failure || !(thrown instanceof Error)) return thrown
  const error = thrown as SdkError
  const name = error.Code ?? error.name
  const action = actionOf(attempt)
  const fail = (code: FailureCode, message: string, hint?: string) =>
    new Failure(code, message, { cause: thrown, ...(hint !== undefined && { hint }) })
  const where = `${attempt.region}${attempt.profile === undefined ? '' : `, profile ${attempt.profile}`}`

  if (expired.test(name)) {
    return fail(
      'aws_credentials',
      `The credentials for AWS have expired (${where}).`,
      'Sign in again: aws sso login, or ask for a new session token; then run the command again.',
    )
  }
  if (badToken.test(name)) {
    return fail(
      'aws_credentials',
      `AWS does not know the credentials (${name}; ${where}).`,
      'The access key is wrong, was deleted or made inactive, or belongs to another partition; or a session token of an older sign-in is still in the environment (AWS_SESSION_TOKEN). See which are used with: aws sts get-caller-identity. A clock that is minutes wrong looks the same.',
    )
  }
  if (noCredentials.test(name) || /could not load credentials/i.test(error.message)) {
    return fail(
      'aws_credentials',
      `There are no credentials for AWS (${where}).`,
      'Sign in with: aws sso login, or name a profile with --profile or AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.',
    )
  }
  if (denied.test(name)) {
    return fail(
      'aws_denied',
      `AWS does not allow ${action} (${where}).${whoIs(error.message)}`,
      `Whoever manages the account can allow it. The least that a command needs: the same command with --iam.`,
    )
  }
  if (name === 'OptInRequired' || /not subscribed|not opted in/i.test(error.message)) {
    return fail(
      'aws_region',
      `The account may not use the region ${attempt.region}.`,
      'Enable it in the account’s settings, or give another one with --region.',
    )
  }
  if (throttled.test(name) || error.$metadata?.httpStatusCode === 429) {
    return fail(
      'aws_throttled',
      `AWS is asked too often for ${action}, and said so after several tries (${where}).`,
      'Wait a minute and run the command again: it goes on where it is.',
    )
  }
  if (notFound.test(name)) return fail('aws_not_found', `${action}: ${sentence(error.message)}`)
  if (alreadyThere.test(name)) return fail('aws_exists', `${action}: ${sentence(error.message)}`)
  if (quota.test(name)) return fail('aws_quota', `${action}: ${sentence(error.message)}`)
  if (wrongState.test(name)) return fail('aws_state', `${action}: ${sentence(error.message)}`)
  if (isNetwork(error)) {
    return fail(
      'aws_unreachable',
      `AWS cannot be reached for ${action} (${where}): ${sentence(error.message)}`,
      'Look whether this machine reaches the internet, whether a proxy is needed, and whether the region exists.',
    )
  }
  // The SDK says then how to look at its inner parts.
  if (/parse error|Deserialization error/i.test(error.message)) {
    return fail(
      'aws_failed',
      `${action}: the answer is not one of AWS (${where}).`,
      'Is AWS_ENDPOINT_URL set, or a proxy in between?',
    )
  }
  if (error.$metadata === undefined && error.$fault === undefined) return thrown
  return fail('aws_failed', `${action}: ${sentence(error.message)} (${name}; ${where})`)
}

function isNetwork(error: SdkError): boolean {
  if (error.name === 'TimeoutError' || error.name === 'NetworkingError') return true
  return /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED)/.test(
    error.code ?? '',
  )
}

/** Who was denied, as AWS names it: `User: arn:aws:iam::…:user/ann is not authorized …`. */
function whoIs(message: string): string {
  const [, arn] = /\b(arn:aws[\w-]*:(?:iam|sts)::\S+)/.exec(message) ?? []
  return arn === undefined ? '' : ` The credentials are those of ${arn.replace(/[,.]$/, '')}.`
}

function sentence(message: string): string {
  const text = message.trim()
  return /[.!?]$/.test(text) ? text : `${text}.`
}
