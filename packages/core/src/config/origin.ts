import { sep } from 'node:path'
import type { Environment } from './environment.ts'

/** A value and where it comes from. */
export interface Sourced {
  value: string
  origin: string
}

/** Shortens a path in the user's home folder to `~/…`, for people to read. */
export function abbreviateHome(path: string, environment: Environment): string {
  return path.startsWith(environment.home + sep) ? `~${path.slice(environment.home.length)}` : path
}
