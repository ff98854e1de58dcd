import { BlockList, isIP, SocketAddress } from 'node:net'
import type { Environment } from './environment.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/** Whether a host of an address is certainly this machine: its socket, localhost, or one of its own addresses. */
export function isThisMachine(host: string, environment: Environment): boolean {
  if (host.startsWith('/') || host.toLowerCase() === 'localhost') return true
  if (isIP(host) === 0) return false
  const address = normalizeAddress(host)
  return (
    loopback.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6') ||
    environment.hostAddresses.some((own) => normalizeAddress(own) === address)
  )
}

/** One spelling for each address: the shortest, IPv4 where it is that, and without the zone that may follow a %. */
function normalizeAddress(host: string): string {
  const [address = ''] = host.split('%')
  const version = isIP(address)
  if (version === 0) return host
  const { address: normal } = new SocketAddress({ address, family: version === 4 ? 'ipv4' : 'ipv6' })
  return normal.replace(/^::ffff:(?=\d+\.)/, '')
}
