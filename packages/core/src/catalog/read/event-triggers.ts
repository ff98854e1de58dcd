import { quoteName, quoteText } from '../quote.ts'
import { namedObject } from './named-object.ts'
import { notOfExtension } from './own.ts'
import type { ReadObject, Reader } from './reading.ts'

interface Row {
  oid: number
  name: string
  owner: string
  comment: string | null
  event: string
  tags: string[] | null
  call: string
  enabled: string
}

const modes: Readonly<Record<string, string>> = { D: 'DISABLE', A: 'ENABLE ALWAYS', R: 'ENABLE REPLICA' }

/** Reads event triggers. */
export const readEventTriggers: Reader = async ({ connection }) => {
  const rows = await connection.run<Row>(`
    select e.oid, e.evtname as name, pg_get_userbyid(e.evtowner) as owner, obj_description(e.oid, 'pg_event_trigger') as comment,
           e.evtevent as event, e.evttags as tags, e.evtfoid::regproc as call, e.evtenabled as enabled
      from pg_event_trigger e
     where ${notOfExtension('pg_event_trigger', 'e.oid')}`)
  return rows.map((row): ReadObject => {
    const { oid, name, event, tags, call, enabled } = row
    const object = namedObject('event trigger', quoteName(name), row)
    const when = tags === null ? '' : `\n    WHEN TAG IN (${tags.map(quoteText).join(', ')})`
    const mode = modes[enabled]
    return {
      ...object,
      create: [
        `CREATE ${object.reference} ON ${quoteName(event)}${when}\n    EXECUTE FUNCTION ${call}()`,
        ...(mode === undefined ? [] : [`ALTER ${object.reference} ${mode}`]),
      ],
      addresses: [{ catalog: 'pg_event_trigger', oid }],
    }
  })
}
