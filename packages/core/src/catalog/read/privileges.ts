import { quoteName } from '../quote.ts'
import { aclItems, renderGrants, type AclItem, type Grantable } from './acl.ts'
import { namedObject } from './named-object.ts'
import type { ReadObject, Reading } from './reading.ts'

interface Row {
  catalog: string
  oid: number
  /** As GRANT … ON calls the kind. */
  word: string
  schema: string | null
  name: string
  arguments: string | null
  column: string | null
  owner: string
  extension: string | null
  builtIn: boolean
  /** What everybody has on such a thing; all that there is of privileges is what its owner has. */
  standard: AclItem[]
  base: AclItem[]
  actual: AclItem[]
}

/** What a thing that is not dumped itself belongs to: an extension, or PostgreSQL. */
interface Holder {
  readonly id: string
  readonly kind: 'extension' | 'schema'
  readonly name: string
}

interface Change {
  readonly thing: Grantable
  readonly forth: string[]
  readonly back: string[]
}

/**
 * Adds to all objects what was granted on them. What was changed on members of an extension is written with the extension, and what was
 * changed on PostgreSQL's own objects with the schema `pg_catalog`: both compared with what they came with (pg_init_privs).
 */
export async function addGrants(objects: readonly ReadObject[], reading: Reading): Promise<ReadObject[]> {
  const rows = await reading.connection.run<Row>(query)
  const byAddress = new Map(
    objects.flatMap(({ id, addresses }) => addresses.map(({ catalog, oid }) => [`${catalog} ${oid}`, id] as const)),
  )
  const all = new Map(objects.map((object) => [object.id, object]))
  const changes = new Map<string, Change[]>()
  for (const row of rows) {
    const thing = thingOf(row)
    const forth = renderGrants(thing, row.base, row.actual)
    if (forth.length === 0) continue
    const holder = holderOf(row)
    const id = byAddress.get(`${row.catalog} ${row.oid}`) ?? holder?.id
    if (id === undefined) {
      reading.uncovered({ object: `privileges on ${thing.on}`, why: 'What they are granted on is not written.' })
      continue
    }
    if (holder && !all.has(id)) all.set(id, emptyObject(holder))
    changes.set(id, [...(changes.get(id) ?? []), { thing, forth, back: renderGrants(thing, row.actual, row.base) }])
  }
  return [...all.values()].map((object) => withGrants(object, changes.get(object.id) ?? []))
}

function withGrants(object: ReadObject, changes: Change[]): ReadObject {
  if (changes.length === 0) return object
  // REVOKE on a table takes what was granted on its columns too: those come behind it.
  const rank = ({ thing }: Change) => `${thing.on}\0${thing.column ?? ''}`
  const sorted = [...changes].sort((one, other) => (rank(one) < rank(other) ? -1 : 1))
  return {
    ...object,
    grants: sorted.flatMap(({ forth }) => forth),
    drop: object.drop === '' ? sorted.flatMap(({ back }) => back).join(';\n') : object.drop,
  }
}

function thingOf({ word, schema, name, arguments: signature, column, owner, standard }: Row): Grantable {
  const qualified = `${schema === null ? '' : `${quoteName(schema)}.`}${quoteName(name)}`
  const all = standard.find(({ grantee }) => grantee === owner)?.privileges ?? []
  return {
    on: `${word} ${qualified}${signature === null ? '' : `(${signature})`}`,
    owner,
    all: column === null ? all : ['SELECT', 'INSERT', 'UPDATE', 'REFERENCES'],
    ...(column !== null && { column: quoteName(column) }),
  }
}

function holderOf({ extension, builtIn }: Row): Holder | undefined {
  if (extension !== null) return { id: `extension ${quoteName(extension)}`, kind: 'extension', name: extension }
  return builtIn ? { id: 'schema pg_catalog', kind: 'schema', name: 'pg_catalog' } : undefined
}

/** An extension or a schema that every database has: nothing makes it, and to remove it takes back what was granted. */
function emptyObject({ kind, name }: Holder): ReadObject {
  return { ...namedObject(kind, quoteName(name), { name }), create: [], drop: '', addresses: [] }
}

// What information_schema came with is written down nowhere; pg_dump leaves it out too. `public` is taken as PostgreSQL 15 and later make
// it, with its present owner, as pg_dump does: what pg_init_privs has goes with the schema when somebody drops it.
const query = `
  with thing as (
    select 'pg_class' as catalog, c.oid, 0 as subid, case c.relkind when 'S' then 'SEQUENCE' else 'TABLE' end as word,
           c.relnamespace as namespace, c.relname as name, null as arguments, null::name as column, c.relowner as owner, c.relacl as acl,
           acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner) as standard
      from pg_class c where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and c.relpersistence <> 't'
    union all
    select 'pg_class', c.oid, a.attnum, 'TABLE', c.relnamespace, c.relname, null, a.attname, c.relowner, a.attacl, '{}'
      from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relpersistence <> 't' and not a.attisdropped
    union all
    select 'pg_proc', p.oid, 0, case p.prokind when 'p' then 'PROCEDURE' else 'FUNCTION' end, p.pronamespace, p.proname,
           case p.prokind when 'p' then pg_get_function_identity_arguments(p.oid) else oidvectortypes(p.proargtypes) end,
           null, p.proowner, p.proacl, acldefault('f', p.proowner)
      from pg_proc p
    union all
    select 'pg_type', t.oid, 0, 'TYPE', t.typnamespace, t.typname, null, null, t.typowner, t.typacl, acldefault('T', t.typowner)
      from pg_type t
    union all
    select 'pg_namespace', n.oid, 0, 'SCHEMA', 0, n.nspname, null, null, n.nspowner, n.nspacl, acldefault('n', n.nspowner)
      from pg_namespace n
    union all
    select 'pg_language', l.oid, 0, 'LANGUAGE', 0, l.lanname, null, null, l.lanowner, l.lanacl, acldefault('l', l.lanowner)
      from pg_language l where l.lanpltrusted
    union all
    select 'pg_foreign_data_wrapper', f.oid, 0, 'FOREIGN DATA WRAPPER', 0, f.fdwname, null, null, f.fdwowner, f.fdwacl,
           acldefault('F', f.fdwowner)
      from pg_foreign_data_wrapper f
    union all
    select 'pg_foreign_server', s.oid, 0, 'FOREIGN SERVER', 0, s.srvname, null, null, s.srvowner, s.srvacl, acldefault('S', s.srvowner)
      from pg_foreign_server s
  ), compared as (
    select thing.*, coalesce(thing.acl, thing.standard) as actual,
           case when thing.catalog = 'pg_namespace' and thing.name = 'public'
                then array[makeaclitem(thing.owner, thing.owner, 'CREATE', false), makeaclitem(thing.owner, thing.owner, 'USAGE', false),
                           makeaclitem(0, thing.owner, 'USAGE', false)]
                else coalesce(came.initprivs, thing.standard)
           end as base
      from thing
      left join pg_init_privs came
             on came.classoid = thing.catalog::regclass and came.objoid = thing.oid and came.objsubid = thing.subid
     where thing.acl is not null or came.initprivs is not null or thing.catalog = 'pg_namespace' and thing.name = 'public'
  )
  select catalog, compared.oid, word, nspname as schema, name, arguments, "column", pg_get_userbyid(owner) as owner,
         (select e.extname from pg_depend d join pg_extension e on e.oid = d.refobjid
           where d.classid = compared.catalog::regclass and d.objid = compared.oid and d.objsubid = 0
             and d.refclassid = 'pg_extension'::regclass and d.deptype = 'e') as extension,
         compared.oid < 16384 as "builtIn",
         ${aclItems('standard')} as standard, ${aclItems('base')} as base, ${aclItems('actual')} as actual
    from compared left join pg_namespace n on n.oid = namespace
   where actual <> base and coalesce(nspname, name) <> 'information_schema' and coalesce(nspname, name) not like 'pg\\_temp\\_%'`
