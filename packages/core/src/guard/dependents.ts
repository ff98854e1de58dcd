import type { Connection } from '../postgres/connection.ts'

/** Something that is dropped. */
export interface Root {
  /** Which drop it belongs to. */
  readonly id: number
  /** The catalog that it is in. */
  readonly catalog: string
  readonly oid: number
  /** The number of a column; 0: all of it. */
  readonly column: number
  readonly cascade: boolean
}

/** What goes with it and holds data. */
export interface Dependent {
  readonly id: number
  readonly oid: number
  /** As in pg_class. */
  readonly kind: string
  /** A column of it alone. */
  readonly column: string | null
}

/**
 * Finds the tables, columns and the like that go when something is dropped, that itself included. What is a part of it always
 * goes; what only needs it goes with CASCADE. https://www.postgresql.org/docs/18/catalog-pg-depend.html
 */
export async function findDependents(connection: Connection, roots: readonly Root[]): Promise<Dependent[]> {
  if (roots.length === 0) return []
  return connection.query<Dependent>`
    with recursive gone as (
      select id, catalog::regclass::oid as classid, oid as objid, part as objsubid, cascades
        from unnest(${roots.map(({ id }) => id)}::int[], ${roots.map(({ catalog }) => catalog)}::text[],
                    ${roots.map(({ oid }) => oid)}::oid[], ${roots.map(({ column }) => column)}::int[],
                    ${roots.map(({ cascade }) => cascade)}::bool[]) as root (id, catalog, oid, part, cascades)
      union
      select id, next.classid, next.objid, next.objsubid, cascades
        from gone
       cross join lateral (
               select d.classid, d.objid, d.objsubid
                 from pg_depend d
                where d.refclassid = gone.classid and d.refobjid = gone.objid
                  and (gone.objsubid = 0 or d.refobjsubid = gone.objsubid)
                  and (d.deptype <> 'n' or cascades)
               union all
               -- A rule goes with its view, and so does the view with its rule.
               select d.refclassid, d.refobjid, d.refobjsubid
                 from pg_depend d
                where d.classid = gone.classid and d.objid = gone.objid and d.deptype = 'i' and cascades
             ) next
    ), held as (
      select distinct id, c.oid, relkind, relispartition, objsubid
        from gone join pg_class c on c.oid = objid
       where classid = 'pg_class'::regclass and relkind in ('r', 'p', 'm')
         and not exists (select from pg_namespace where oid = relnamespace and nspname ~ '^pg_toast')
    )
    select id, oid, relkind::text as kind,
           (select attname::text from pg_attribute where attrelid = held.oid and attnum = objsubid and objsubid > 0) as column
      from held
     where not (objsubid <> 0 and exists (select from held whole where whole.id = held.id and whole.oid = held.oid and whole.objsubid = 0))
       -- Partitions are counted with their table.
       and not (relispartition and exists (select from pg_inherits join held parent on parent.oid = inhparent
                                            where inhrelid = held.oid and parent.id = held.id and parent.objsubid in (0, held.objsubid)))
     order by id, oid, objsubid`
}

/** Finds the tables that refer to others: those that TRUNCATE … CASCADE empties too, or whose rows are deleted along. */
export async function findReferring(
  connection: Connection,
  roots: readonly { readonly id: number; readonly oid: number; readonly deleted: boolean }[],
): Promise<Dependent[]> {
  if (roots.length === 0) return []
  return connection.query<Dependent>`
    with recursive hit as (
      select id, oid, deleted
        from unnest(${roots.map(({ id }) => id)}::int[], ${roots.map(({ oid }) => oid)}::oid[],
                    ${roots.map(({ deleted }) => deleted)}::bool[]) as root (id, oid, deleted)
      union
      select id, conrelid, deleted
        from hit join pg_constraint on confrelid = hit.oid and contype = 'f' and (confdeltype = 'c' or not deleted)
    )
    select id, c.oid, relkind::text as kind, null::text as column
      from hit join pg_class c on c.oid = hit.oid
     where not exists (select from pg_inherits join hit parent on parent.oid = inhparent
                        where relispartition and inhrelid = c.oid and parent.id = hit.id)
     order by id, c.oid`
}
