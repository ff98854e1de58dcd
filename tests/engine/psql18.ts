import { programs, psqlIsThere } from '../support/postgres-programs.ts'
import { untested } from './faults.ts'

/** Whether psql 18 is there. Where it is not, says what is therefore not tested. */
export function psql18IsThere(what: string): boolean {
  if (!psqlIsThere(`${what} was not compared with psql`)) return false
  if (programs.psql.major >= 18) return true
  untested(what, `psql is version ${programs.psql.major} and not 18. PSQL may name another.`)
  return false
}
