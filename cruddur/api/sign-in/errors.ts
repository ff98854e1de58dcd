/** The provider of sign-ins does not answer, or its keys cannot be read: asking again later may help. */
export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable'
  readonly statusCode = 503
}

/** The provider said no: the person cancelled, the code was used before, or the refresh token has ended. */
export class ProviderRefused extends Error {
  override readonly name = 'ProviderRefused'
}
