import { isIP } from 'node:net'
import { Failure } from '../../errors.ts'

/** Two that have nothing to do with each other, so that neither has to be believed alone. */
const addressServices = ['https://checkip.amazonaws.com', 'https://api.ipify.org'] as const

export interface AddressOptions {
  /** URLs that answer with the caller's address as plain text. Default: `addressServices`. */
  services?: readonly string[]
  fetch?: typeof globalThis.fetch
  signal?: AbortSignal
  /** For each service. Default: 5. */
  timeoutSeconds?: number
}

/**
 * Asks services on the internet which address this machine has there, and compares their answers.
 *
 * @throws `aws_unreachable` where none answers, `aws_failed` where they do not agree: behind a proxy or several ways out there is
 * no one address to allow.
 */
export async function findPublicAddress({
  services = addressServices,
  fetch = globalThis.fetch,
  signal,
  timeoutSeconds = 5,
}: AddressOptions = {}): Promise<string> {
  const answers = await Promise.all(
    services.map(async (url) => ({ url, ...(await ask(url, fetch, timeoutSeconds, signal)) })),
  )
  signal?.throwIfAborted()
  const addresses = new Set(answers.flatMap(({ address }) => (address === undefined ? [] : [address])))
  const said = answers.map(({ url, address, why }) => `${new URL(url).host}: ${address ?? why}`).join('; ')
  const hint =
    'Give the address yourself: --address 203.0.113.7. Other services are named in pgrig.json, under aws.addressServices.'
  if (addresses.size === 0)
    throw new Failure('aws_unreachable', `No service tells the public address of this machine (${said}).`, { hint })
  if (addresses.size > 1) {
    throw new Failure('aws_failed', `The services do not agree on the public address of this machine (${said}).`, {
      hint: `A proxy, a VPN, or a network with several ways out answers differently each time. ${hint}`,
    })
  }
  if (answers.some(({ address }) => address === undefined) && services.length > 1) {
    throw new Failure(
      'aws_failed',
      `Not every service tells the public address of this machine, so that none can be checked (${said}).`,
      { hint },
    )
  }
  const [address = ''] = addresses
  return address
}

async function ask(
  url: string,
  fetch: typeof globalThis.fetch,
  seconds: number,
  signal: AbortSignal | undefined,
): Promise<{ address?: string; why?: string }> {
  const timeout = AbortSignal.timeout(seconds * 1000)
  try {
    const response = await fetch(url, {
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      redirect: 'error',
    })
    if (!response.ok) return { why: `answered ${response.status}` }
    const text = (await response.text()).slice(0, 100).trim()
    return isIP(text) === 0 ? { why: 'answered no address' } : { address: text }
  } catch (error) {
    const { cause, name } = error as Error
    return {
      why:
        cause instanceof Error && 'code' in cause
          ? String(cause.code)
          : name === 'TimeoutError'
            ? 'no answer'
            : 'not reached',
    }
  }
}
