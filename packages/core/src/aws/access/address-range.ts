import { isIP } from 'node:net'

/** A network, as the first address and the number of bits that all in it share. */
export interface AddressRange {
  version: 4 | 6
  first: bigint
  bits: number
}

/** Reads `203.0.113.0/24` or `2001:db8::/32`; an address alone is a network of one. Undefined where it is neither. */
export function parseRange(text: string): AddressRange | undefined {
  const [address = '', length, ...more] = text.split('/')
  const version = isIP(address)
  if ((version !== 4 && version !== 6) || more.length > 0) return undefined
  const width = version === 4 ? 32 : 128
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined
  const bits = length === undefined ? width : Number(length)
  if (bits > width) return undefined
  const value = version === 4 ? readFour(address) : readSix(address)
  const rest = BigInt(width - bits)
  return { version, first: (value >> rest) << rest, bits }
}

/** Whether an address, or a whole network, lies in a network. */
export function contains(network: AddressRange, inner: AddressRange): boolean {
  if (network.version !== inner.version || network.bits > inner.bits) return false
  const rest = BigInt((network.version === 4 ? 32 : 128) - network.bits)
  return inner.first >> rest === network.first >> rest
}

function readFour(address: string): bigint {
  return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)
}

function readSix(address: string): bigint {
  // The last four bytes may be written as those of an IPv4 address.
  const [, mapped] = /:(\d+\.\d+\.\d+\.\d+)$/.exec(address) ?? []
  const text = mapped === undefined ? address : address.replace(mapped, hexPair(readFour(mapped)))
  const [left = '', right] = (text.split('%')[0] ?? '').split('::')
  const before = left === '' ? [] : left.split(':')
  const after = right === undefined || right === '' ? [] : right.split(':')
  const zeros = right === undefined ? 0 : 8 - before.length - after.length
  return [...before, ...Array.from({ length: zeros }, () => '0'), ...after].reduce(
    (sum, part) => sum * 65_536n + BigInt(`0x${part}`),
    0n,
  )
}

function hexPair(value: bigint): string {
  return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`
}
