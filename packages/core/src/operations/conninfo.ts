import type { Connection } from '../postgres/connection.ts'
import { isSocket } from '../postgres/address.ts'
import { createPrinter } from '../print/result.ts'
import { defaultSettings, type PrintSettings } from '../print/settings.ts'

/** The type of a text: what it is aligned by. */
const textOid = 25

/** Prints what `\conninfo` of psql 18 says of a connection. */
export function printConnection(
  { address, channel }: Connection,
  settings: PrintSettings | undefined,
  write: (text: string) => void,
): void {
  const { host, port, database, user, options } = address
  const yes = (value: boolean) => (value ? 'true' : 'false')
  const rows: [string, string][] = [
    ['Database', database],
    ['Client User', user],
    [isSocket(host) ? 'Socket Directory' : 'Host', host],
    ['Server Port', String(port)],
    ['Options', options ?? ''],
    ['Protocol Version', '3.0'],
    ['Password Used', yes(channel.passwordUsed)],
    // No part of this program.
    ['GSSAPI Authenticated', 'false'],
    ['Backend PID', String(channel.processId)],
    ['SSL Connection', yes(channel.encryption !== undefined)],
    ...encryptionRows(channel.encryption),
    ['Superuser', channel.parameters.get('is_superuser') ?? 'unknown'],
    ['Hot Standby', channel.parameters.get('in_hot_standby') ?? 'unknown'],
  ]
  const printer = createPrinter({ ...(settings ?? defaultSettings), title: 'Connection Information' }, write)
  printer.begin(['Parameter', 'Value'].map((name) => ({ name, typeOid: textOid })))
  for (const row of rows) printer.row(row.map((value) => Buffer.from(value)))
  printer.end({ tag: '', rows: rows.length })
}

function encryptionRows(encryption: Connection['channel']['encryption']): [string, string][] {
  if (encryption === undefined) return []
  return [
    ['SSL Library', 'OpenSSL'],
    ['SSL Protocol', encryption.protocol],
    ['SSL Key Bits', encryption.keyBits],
    ['SSL Cipher', encryption.cipher],
    // OpenSSL has none any more.
    ['SSL Compression', 'false'],
    ['ALPN', encryption.alpn],
  ]
}
