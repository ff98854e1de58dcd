import type { Connection } from '../postgres/connection.ts'
import type { Deed } from './deed.ts'
import { readDeeds } from './destruction.ts'
import type { Parser } from './parser.ts'
import { type Name, nameText } from './tree.ts'

/** A function or a procedure on the server. */
interface Routine {
  readonly schema: string
  readonly name: string
  /** It came with PostgreSQL, only looks, or belongs to an extension that changes no data of others. */
  readonly harmless: boolean
  readonly language: string
  /** The statement that creates it, where it is in SQL or PL/pgSQL. */
  readonly definition: string | null
}

/** Extensions of PostgreSQL whose functions compute, and change nothing. */
const harmlessExtensions =
  `uuid-ossp pgcrypto citext hstore ltree pg_trgm unaccent intarray cube earthdistance seg fuzzystrmatch isn btree_gin btree_gist
  postgis vector pg_stat_statements`.split(/\s+/)

/** What calls of routines come to. */
export class Routines {
  readonly #connection: Connection
  readonly #parser: Parser
  /** By name without schema. */
  readonly #known = new Map<string, readonly Routine[]>()
  readonly #types = new Set<string>()
  readonly #deeds = new Map<Routine, readonly Deed[]>()

  constructor(connection: Connection, parser: Parser) {
    this.#connection = connection
    this.#parser = parser
  }

  /** Finds routines by name, and those that they call in turn. */
  async load(names: Iterable<string>): Promise<void> {
    const wanted = [...new Set(names)].filter((name) => !this.#known.has(name))
    if (wanted.length === 0) return
    const found = await this.#connection.query<Routine>`
      select nspname::text as schema, proname::text as name, lanname::text as language,
             -- Objects that come with PostgreSQL have the lower numbers.
             (nspname = 'pg_catalog' and p.oid < 16384) or provolatile <> 'v' or coalesce(extname = any(${harmlessExtensions}), false)
               as harmless,
             case when lanname in ('sql', 'plpgsql') and prokind in ('f', 'p') then pg_get_functiondef(p.oid) end as definition
        from pg_proc p join pg_namespace n on n.oid = pronamespace join pg_language l on l.oid = prolang
        left join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
        left join pg_extension e on e.oid = d.refobjid
       where proname = any(${wanted})`
    const types = await this.#connection.query<{ name: string }>`
      select distinct typname::text as name from pg_type where typname = any(${wanted})`
    for (const { name } of types) this.#types.add(name)
    for (const name of wanted)
      this.#known.set(
        name,
        found.filter((routine) => routine.name === name),
      )
    const inner = found.flatMap((routine) => this.#deedsOf(routine))
    await this.load(inner.flatMap((deed) => (deed.kind === 'calls' ? [deed.routine.name] : [])))
  }

  #deedsOf(routine: Routine): readonly Deed[] {
    const known = this.#deeds.get(routine)
    if (known !== undefined) return known
    let deeds: readonly Deed[] = []
    if (!routine.harmless && routine.definition !== null) {
      const [created] = readDeeds(this.#parser, routine.definition)
      deeds = created?.kind === 'creates routine' ? created.deeds : created ? [created] : []
    }
    this.#deeds.set(routine, deeds)
    return deeds
  }

  /** Whether one of this name is there. */
  has({ schema, name }: Name): boolean {
    return (this.#known.get(name) ?? []).some((each) => schema === undefined || each.schema === schema)
  }

  /** What a call does, with what the routine calls in turn. Names are those of its body. */
  resolve(routine: Name, seen = new Set<Routine>()): Deed[] {
    const { schema, name } = routine
    const candidates = (this.#known.get(name) ?? []).filter((each) => schema === undefined || each.schema === schema)
    const text = nameText(routine)
    // `text(1)` is a cast.
    if (candidates.length === 0 && this.#types.has(name)) return []
    if (candidates.length === 0) return [unknown(`calls ${text}, which is not there yet`)]
    return candidates.flatMap((each) => {
      if (each.harmless || seen.has(each)) return []
      seen.add(each)
      if (each.definition === null)
        return [unknown(`calls ${text}, which may change anything: it is written in ${each.language}`)]
      return this.#deedsOf(each).flatMap((deed) => {
        if (deed.kind === 'calls') return this.resolve(deed.routine, seen)
        if (deed.kind === 'destroys') return [{ ...deed, action: `calls ${text}, which ${deed.action}` }]
        return deed.kind === 'unknown' ? [unknown(`calls ${text}, which ${deed.why}`)] : [deed]
      })
    })
  }
}

function unknown(why: string): Deed {
  return { kind: 'unknown', why, offset: 0 }
}
