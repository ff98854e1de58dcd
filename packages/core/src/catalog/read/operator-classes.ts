import { qualifiedName, quoteName } from '../quote.ts'
import { namedObject } from './named-object.ts'
import { ownObject } from './own.ts'
import type { CatalogAddress, ReadObject, Reader } from './reading.ts'

/** An operator or a function of a class, or of a family itself. */
interface Member {
  oid: number
  catalog: 'pg_amop' | 'pg_amproc'
  text: string
}

interface FamilyRow {
  oid: number
  schema: string
  name: string
  method: string
  owner: string
  comment: string | null
  members: Member[]
}

interface ClassRow extends FamilyRow {
  type: string
  storage: string | null
  isDefault: boolean
  familySchema: string
  family: string
}

/** SQL for the members that belong to a class or, loose, to a family. Which of both is in pg_depend alone. */
function membersOf(catalog: string, oid: string): string {
  const belongs = (member: string) => `exists (
    select from pg_depend d where d.classid = '${member}'::regclass and d.objid = m.oid and d.refclassid = '${catalog}'::regclass
       and d.refobjid = ${oid} and d.deptype in ('a', 'i'))`
  return `coalesce((
    select json_agg(json_build_object('oid', member.oid::int8, 'catalog', member.catalog, 'text', member.text)
             order by member.catalog, member.number, member.text collate "C")
      from (select m.oid, 'pg_amop' as catalog, m.amopstrategy as number,
                   'OPERATOR ' || m.amopstrategy || ' ' || m.amopopr::regoperator || case when m.amopsortfamily = 0 then '' else
                     (select ' FOR ORDER BY ' || quote_ident(sn.nspname) || '.' || quote_ident(sf.opfname)
                        from pg_opfamily sf join pg_namespace sn on sn.oid = sf.opfnamespace where sf.oid = m.amopsortfamily) end as text
              from pg_amop m where m.amopfamily = family.oid and ${belongs('pg_amop')}
            union all
            select m.oid, 'pg_amproc', m.amprocnum,
                   'FUNCTION ' || m.amprocnum || ' (' || format_type(m.amproclefttype, null) || ', ' ||
                     format_type(m.amprocrighttype, null) || ') ' || m.amproc::oid::regprocedure
              from pg_amproc m where m.amprocfamily = family.oid and ${belongs('pg_amproc')}) member), '[]')`
}

/** Reads operator families, with the members that belong to none of their classes. */
export const readOperatorFamilies: Reader = async ({ connection }) => {
  const rows = await connection.run<FamilyRow>(`
    select family.oid, n.nspname as schema, family.opfname as name, am.amname as method, pg_get_userbyid(family.opfowner) as owner,
           obj_description(family.oid, 'pg_opfamily') as comment, ${membersOf('pg_opfamily', 'family.oid')} as members
      from pg_opfamily family
      join pg_namespace n on n.oid = family.opfnamespace
      join pg_am am on am.oid = family.opfmethod
     where ${ownObject('pg_opfamily', 'family.oid', 'n.nspname')}`)
  return rows.map((row): ReadObject => {
    const name = `${qualifiedName(row.schema, row.name)} USING ${quoteName(row.method)}`
    return {
      ...namedObject('operator family', name, row),
      create: [
        `CREATE OPERATOR FAMILY ${name}`,
        ...(row.members.length === 0 ? [] : [`ALTER OPERATOR FAMILY ${name} ADD\n    ${listOf(row.members)}`]),
      ],
      addresses: [{ catalog: 'pg_opfamily', oid: row.oid }, ...addressesOf(row.members)],
    }
  })
}

/** Reads operator classes. */
export const readOperatorClasses: Reader = async ({ connection }) => {
  const rows = await connection.run<ClassRow>(`
    select c.oid, n.nspname as schema, c.opcname as name, am.amname as method, pg_get_userbyid(c.opcowner) as owner,
           obj_description(c.oid, 'pg_opclass') as comment, format_type(c.opcintype, null) as type,
           case when c.opckeytype <> 0 then format_type(c.opckeytype, null) end as storage, c.opcdefault as "isDefault",
           fn.nspname as "familySchema", family.opfname as family, ${membersOf('pg_opclass', 'c.oid')} as members
      from pg_opclass c
      join pg_namespace n on n.oid = c.opcnamespace
      join pg_am am on am.oid = c.opcmethod
      join pg_opfamily family on family.oid = c.opcfamily
      join pg_namespace fn on fn.oid = family.opfnamespace
     where ${ownObject('pg_opclass', 'c.oid', 'n.nspname')}`)
  return rows.map((row): ReadObject => {
    const { type, storage, isDefault, method, familySchema, family, members } = row
    const quoted = qualifiedName(row.schema, row.name)
    const parts = [
      // Without a member there is nothing behind AS, which is no statement; a storage that is the type itself says nothing.
      ...(storage !== null || members.length === 0 ? [`STORAGE ${storage ?? type}`] : []),
      ...(members.length === 0 ? [] : [listOf(members)]),
    ]
    return {
      ...namedObject('operator class', `${quoted} USING ${quoteName(method)}`, row),
      create: [
        `CREATE OPERATOR CLASS ${quoted}\n    ${isDefault ? 'DEFAULT ' : ''}FOR TYPE ${type} USING ${quoteName(method)}` +
          ` FAMILY ${qualifiedName(familySchema, family)} AS\n    ${parts.join(',\n    ')}`,
      ],
      addresses: [{ catalog: 'pg_opclass', oid: row.oid }, ...addressesOf(members)],
    }
  })
}

function listOf(members: readonly Member[]): string {
  return members.map(({ text }) => text).join(',\n    ')
}

function addressesOf(members: readonly Member[]): CatalogAddress[] {
  return members.map(({ catalog, oid }) => ({ catalog, oid }))
}
