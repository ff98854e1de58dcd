import { parseConnectionUrl } from './url.ts'
import type { Settings } from './settings-schema.ts'

/**
 * Whether a pgrig.json is certainly right, seen without the validator, whose loading takes longer than this by far. False
 * means only that the validator has to look. A test holds the two together.
 */
export function isPlainlyRight(json: unknown): json is Settings {
  if (!isRecord(json)) return false
  return Object.entries(json).every(([key, value]) => {
    if (key === 'server')
      return isRecord(value) && Object.entries(value).every(([name, port]) => name === 'port' && isPort(port))
    if (key === 'targets')
      return (
        isRecord(value) &&
        Object.entries(value).every(([name, target]) => /^[A-Za-z][A-Za-z0-9_-]*$/.test(name) && isTarget(target))
      )
    if (key === 'roles')
      return isRecord(value) && Object.entries(value).every(([name, role]) => isShortText(name) && isRole(role))
    return ['$schema', 'database', 'schema', 'seed'].includes(key) && isShortText(value)
  })
}

function isTarget(target: unknown): boolean {
  if (!isRecord(target)) return false
  return Object.entries(target).every(([key, value]) => {
    if (key === 'protected') return typeof value === 'boolean'
    if (key === 'url') return isShortText(value) && isOpenUrl(value)
    return ['database', 'schema', 'seed', 'sslrootcert'].includes(key) && isShortText(value)
  })
}

function isRole(role: unknown): boolean {
  if (!isRecord(role) || !['readonly', 'app', 'migrator', 'admin'].includes(String(role['as']))) return false
  return Object.entries(role).every(([key, value]) => {
    if (key === 'as') return typeof value === 'string'
    if (key === 'iam') return typeof value === 'boolean'
    if (key === 'expires') return typeof value === 'string' && /^[1-9]\d{0,5}[hdw]$/.test(value)
    if (key === 'connectionLimit') return Number.isInteger(value) && Number(value) >= -1 && Number(value) <= 10_000
    if (key === 'schemas') return Array.isArray(value) && value.length > 0 && value.every(isShortText)
    return key === 'memberOf' && Array.isArray(value) && value.every(isShortText)
  })
}

function isOpenUrl(text: string): boolean {
  try {
    const { password, sslpassword } = parseConnectionUrl(text, '')
    return password === undefined && sslpassword === undefined
  } catch {
    return false
  }
}

/** Fits everywhere: in a name, a path, a URL. */
function isShortText(value: unknown): value is string {
  return typeof value === 'string' && /^[\x20-\x7e]{1,63}$/.test(value)
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65_535
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
