import { Failure, systemErrorCode, type FailureCode } from '../errors.ts'

/** What an error of the SDK's means for whoever wants to log in. The SDK's messages hold no secret. */
export function loginFailure(error: unknown, sentence: string): Failure {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  const fail = (code: FailureCode, why: string, hint?: string) =>
    new Failure(code, `${sentence}: ${why}.`, { cause: error, ...(hint !== undefined && { hint }) })
  if (name === 'CredentialsProviderError') {
    return fail(
      'aws_credentials',
      'there are no credentials for AWS',
      'Give the function, the task or the instance a role; on a laptop sign in (aws sso login), or set AWS_PROFILE.',
    )
  }
  if (/^(ExpiredToken|UnrecognizedClient|InvalidSignature|InvalidClientTokenId)/.test(name)) {
    return fail('aws_credentials', `AWS does not accept the credentials (${name})`)
  }
  if (name === 'AccessDeniedException') return fail('aws_denied', message)
  if (name === 'ResourceNotFoundException') return fail('aws_not_found', 'it is not in this account and region')
  // Where several addresses were tried, an error of the network has a code and no text.
  const network = systemErrorCode(error)
  if (network !== undefined || /^(Timeout|Abort)Error$/.test(name)) {
    return fail('aws_unreachable', `AWS did not answer (${network ?? name})`)
  }
  return fail('aws_failed', `${name}: ${message}`)
}
