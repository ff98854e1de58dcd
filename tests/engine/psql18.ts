import { programs, psqlIsThere } from '../support/postgres-programs.ts'

/** Whether psql 18 is there. Where it is not, says what is therefore not tested: no distribution need have it yet. */
export function psql18IsThere(what: string): boolean {
  if (!psqlIsThere(`${what} was not compared with psql`)) return false
  if (programs.psql.major >= 18) return true
  console.warn(`${what} was not tested: psql is version ${programs.psql.major} and not 18. PSQL may name another.`)
  return false
}
