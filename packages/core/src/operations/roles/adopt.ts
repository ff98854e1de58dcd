import type { Connection } from '../../postgres/connection.ts'
import { quoteIdentifier as quote } from '../../script/variables.ts'
import type { Change, Plan } from './change.ts'
import type { ServerFacts } from './facts.ts'
import { grantRole } from './group-plan.ts'
import { groupName } from './levels.ts'

/**
 * What gives the objects of some schemas to the migrators' group, so that migrators can alter them. Those who owned them become
 * members of the group and lose nothing. A security definer function stays: it would run with the rights of another.
 */
export async function planAdoption(
  connection: Connection,
  facts: ServerFacts,
  schemas: readonly string[],
): Promise<Plan> {
  const role = groupName({ database: facts.database, level: 'migrator', schema: null })
  const rows = await connection.run<{ what: string; owner: string; stays: boolean }>(
    `select what, pg_get_userbyid(owner) as owner, stays from (
       select format('%s %I.%I', case relkind when 'S' then 'sequence' when 'v' then 'view' when 'm' then 'materialized view'
                when 'f' then 'foreign table' else 'table' end, nspname, relname) as what, relowner as owner, false as stays,
              'pg_class'::regclass as class, c.oid
         from pg_class c join pg_namespace n on n.oid = relnamespace
        where nspname = any($1::text[]) and relkind in ('r', 'p', 'v', 'm', 'f', 'S')
          -- The sequence of a column goes with its table.
          and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
                           and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i') and relkind = 'S')
       union all
       select format('routine %I.%I(%s)', nspname, proname, pg_get_function_identity_arguments(p.oid)), proowner, prosecdef,
              'pg_proc'::regclass, p.oid
         from pg_proc p join pg_namespace n on n.oid = pronamespace where nspname = any($1::text[])
       union all
       select format('%s %I.%I', case typtype when 'd' then 'domain' else 'type' end, nspname, typname), typowner, false,
              'pg_type'::regclass, t.oid
         from pg_type t join pg_namespace n on n.oid = typnamespace left join pg_class c on c.oid = typrelid
        where nspname = any($1::text[]) and (typtype in ('d', 'e', 'r') or (typtype = 'c' and c.relkind = 'c'))) o
      where pg_get_userbyid(owner) <> $2
        and not exists (select from pg_depend where classid = o.class and objid = o.oid and deptype = 'e')
      order by what`,
    [schemas, role],
  )
  const isOurs = (owner: string) => facts.superuser || (facts.roles.get(owner)?.ours ?? false)
  const adopted = rows.filter(({ owner, stays }) => !stays && isOurs(owner))
  const owners = [...new Set(adopted.map(({ owner }) => owner))].filter((name) => {
    const owner = facts.roles.get(name)
    return owner && !owner.superuser && name !== facts.me && !owner.memberships.some((one) => one.role === role)
  })
  const staying = rows.filter(({ stays }) => stays).map(({ what }) => what)
  const foreign = new Set(rows.filter(({ owner, stays }) => !stays && !isOurs(owner)).map(({ owner }) => owner))
  const changes: Change[] = [
    ...owners.map((owner) => ({
      role: owner,
      kind: 'grant' as const,
      text: `is a member of ${role}, which gets what it owns`,
      sql: grantRole(facts.version, role, owner, true),
    })),
    ...adopted.map(({ what, owner }) => ({
      role,
      kind: 'alter' as const,
      text: `owns the ${what}, which was of ${owner}`,
      sql: `alter ${what} owner to ${quote(role)}`,
    })),
  ]
  return {
    changes,
    limits: [
      ...staying.map(
        (what) => `The ${what} keeps its owner: it is a security definer, and runs with the rights of that one.`,
      ),
      ...[...foreign].map((owner) => `What ${owner} owns stays: ${facts.me} has not the privileges of ${owner}.`),
    ],
  }
}
