import { quoteName, quoteText } from '../quote.ts'
import type { ReadObject, Reading } from './reading.ts'

interface Row {
  catalog: string
  oid: number
  type: string
  name: string
  provider: string
  label: string
}

/** Adds the security labels to objects of all kinds. */
export async function addLabels(objects: readonly ReadObject[], { connection }: Reading): Promise<ReadObject[]> {
  // Rarely is there any, and the view that describes them costs a scan of many catalogs.
  const [any] = await connection.run(`select from pg_seclabel limit 1`)
  if (!any) return [...objects]
  const rows = await connection.run<Row>(`
    select (select relname from pg_class where oid = classoid) as catalog, objoid as oid, objtype as type, objname as name, provider, label
      from pg_seclabels
     where objtype not in ('database', 'role', 'tablespace', 'subscription', 'large object')
     order by objname collate "C", provider collate "C"`)
  const labels = new Map<string, string[]>()
  for (const { catalog, oid, type, name, provider, label } of rows) {
    const key = `${catalog} ${oid}`
    const statement = `SECURITY LABEL FOR ${quoteName(provider)} ON ${type.toUpperCase()} ${name} IS ${quoteText(label)}`
    labels.set(key, [...(labels.get(key) ?? []), statement])
  }
  return objects.map((object) => {
    const own = object.addresses.flatMap(({ catalog, oid }) => labels.get(`${catalog} ${oid}`) ?? [])
    return own.length > 0 ? { ...object, labels: own } : object
  })
}
