/** Where people sign in. */
export type ProviderSettings = CognitoSettings | LocalProviderSettings

export interface CognitoSettings {
  kind: 'cognito'
  /** Such as `eu-central-1_AbCdEf123`; the part before the underscore is the region. */
  userPoolId: string
  clientId: string
  clientSecret: string | undefined
}

/** The provider that runs within this process on a laptop. */
export interface LocalProviderSettings {
  kind: 'local'
  issuer: string
  clientId: string
  clientSecret: string
}

export interface SignInSettings {
  /** The address under which browsers know Cruddur; only its origin counts. */
  publicUrl: URL
  /** The first seals what is kept of a session, any opens it. */
  secrets: readonly string[]
  provider: ProviderSettings
}

/** The issuer as the provider writes it into its tokens. */
export function issuerOf(provider: ProviderSettings): string {
  if (provider.kind === 'local') return provider.issuer
  const [region] = provider.userPoolId.split('_')
  return `https://cognito-idp.${region}.amazonaws.com/${provider.userPoolId}`
}
