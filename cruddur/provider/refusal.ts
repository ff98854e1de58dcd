import { Failure } from '@pgrig/core'
import { isThisMachine } from '../api/sign-in/environment.ts'

/** Throws `refused` where the provider of a laptop must not run: in production, and where others could reach it. */
export function refuseElsewhere(signs: readonly string[], { hostname, origin }: URL, host: string): void {
  const hint = 'Set COGNITO_USER_POOL_ID and COGNITO_CLIENT_ID: then people sign in with Amazon Cognito.'
  const refuse = (reason: string) => new Failure('refused', `The sign-in for development ${reason}.`, { hint })
  if (signs.length > 0) throw refuse(`does not run in production (${signs.join(', ')})`)
  if (!isThisMachine(hostname)) throw refuse(`is for this machine alone, and PUBLIC_URL says ${origin}`)
  if (!isThisMachine(host)) throw refuse(`is for this machine alone, and HOST is ${host}`)
}
