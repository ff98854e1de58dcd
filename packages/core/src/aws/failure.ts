import { Failure } from '../errors.ts'

/** The failure behind an error of the AWS SDK; `deed` goes on with "could not be". Secrets are not in the SDK's messages. */
export function awsFailure(error: unknown, deed: string): Failure {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  if (name === 'ResourceNotFoundException') {
    return new Failure('not_found', `${deed}: there is no such thing in this account and region.`, { cause: error })
  }
  if (name === 'CredentialsProviderError') {
    return new Failure('aws_denied', `${deed}: there are no credentials for AWS.`, {
      cause: error,
      hint: 'Log in (aws sso login), set AWS_PROFILE, or give the function, task or instance a role.',
    })
  }
  if (/AccessDenied|Expired|UnrecognizedClient|InvalidSignature|InvalidClientToken|NotAuthorized/.test(name)) {
    return new Failure('aws_denied', `${deed}: ${name}: ${message}`, { cause: error })
  }
  // An error of the network has no text of its own where several addresses were tried.
  return new Failure('aws_failed', `${deed}: ${[name, message].filter(Boolean).join(': ')}`, { cause: error })
}
