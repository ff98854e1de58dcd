import type { Level } from './levels.ts'
import type { WantedRole } from './role-plan.ts'

/** A role as pgrig.json says it is to be. */
interface RoleSettings {
  as: Level
  schemas?: string[] | undefined
  /** Such as `90d`. */
  expires?: string | undefined
  connectionLimit?: number | undefined
  memberOf?: string[] | undefined
  iam?: boolean | undefined
}

const secondsIn: Readonly<Record<string, number>> = { h: 3600, d: 86_400, w: 604_800 }

/** Reads the roles of a pgrig.json. */
export function wantRoles(roles: Readonly<Record<string, RoleSettings>>): Record<string, WantedRole> {
  return Object.fromEntries(Object.entries(roles).map(([name, role]) => [name, wantRole(role)]))
}

function wantRole({
  as: level,
  schemas = ['public'],
  expires,
  connectionLimit,
  memberOf,
  iam,
}: RoleSettings): WantedRole {
  return {
    level,
    schemas,
    ...(expires !== undefined && {
      expiresSeconds: Number.parseInt(expires, 10) * (secondsIn[expires.slice(-1)] ?? 0),
    }),
    ...(connectionLimit !== undefined && { connectionLimit }),
    ...(memberOf !== undefined && { memberOf }),
    ...(iam !== undefined && { iam }),
  }
}
