import { BlockList, isIP } from 'node:net'

/** RFC 1918, 3927, 4193, 4291, 6598 (the last is what carriers and some VPNs use). */
const privateNetworks = new BlockList()
privateNetworks.addSubnet('10.0.0.0', 8)
privateNetworks.addSubnet('172.16.0.0', 12)
privateNetworks.addSubnet('192.168.0.0', 16)
privateNetworks.addSubnet('169.254.0.0', 16)
privateNetworks.addSubnet('100.64.0.0', 10)
privateNetworks.addSubnet('127.0.0.0', 8)
privateNetworks.addAddress('::1', 'ipv6')
privateNetworks.addSubnet('fc00::', 7, 'ipv6')
privateNetworks.addSubnet('fe80::', 10, 'ipv6')

/** Whether it is an address, and not a name, that the Internet does not lead to. */
export function isPrivateAddress(host: string): boolean {
  const [address = ''] = host.replace(/^::ffff:(?=\d+\.)/i, '').split('%')
  const version = isIP(address)
  return version !== 0 && privateNetworks.check(address, version === 4 ? 'ipv4' : 'ipv6')
}
