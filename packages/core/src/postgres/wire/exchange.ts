import type { Channel } from './channel.ts'
import {
  readDataRow,
  readFields,
  readRowDescription,
  reply,
  ServerError,
  type ColumnDescription,
  type ServerFields,
} from './replies.ts'
import { bind, copyFail, describePortal, execute, parse, sync } from './requests.ts'
import { readValue, writeValue, type Value } from './values.ts'

/** What came of one question, up to the server being ready again. */
export interface Result {
  /** Of the last statement that has any. */
  rows: Record<string, unknown>[]
  /** What the server reported first, or why the connection was lost. */
  error?: unknown
}

/** One statement with parameters: all that it takes, so that it costs one round trip. */
export function extendedQuery(text: string, values: readonly Value[]): Buffer {
  return Buffer.concat([parse(text), bind(values.map(writeValue)), describePortal(), execute(), sync()])
}

/** Sends a question and collects the answers to it, up to ReadyForQuery. Errors are in the result, not thrown. */
export function ask(channel: Channel, question: Uint8Array, onNotice: (fields: ServerFields) => void): Promise<Result> {
  if (channel.receiver) throw new Error('The connection is asked while somebody else receives its answers.')
  const result: Result = { rows: [] }
  let columns: ColumnDescription[] = []
  return new Promise((resolve) => {
    const done = () => {
      channel.receiver = undefined
      resolve(result)
    }
    const message = (type: number, body: Buffer): void => {
      switch (type) {
        case reply.rowDescription:
          columns = readRowDescription(body)
          result.rows = []
          break
        case reply.dataRow:
          result.rows.push(toRow(columns, readDataRow(body)))
          break
        case reply.copyInResponse:
          channel.write(copyFail('There is no data for COPY FROM stdin here.'))
          break
        case reply.notice:
          onNotice(readFields(body))
          break
        case reply.error:
          fail(new ServerError(readFields(body)))
          break
        case reply.readyForQuery:
          done()
          break
        default:
      }
    }
    const fail = (error: unknown) => {
      result.error ??= error
    }
    channel.receiver = {
      message,
      failed(error) {
        fail(error)
        done()
      },
    }
    channel.write(question)
  })
}

function toRow(columns: readonly ColumnDescription[], values: readonly (Buffer | null)[]): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (const [index, { name, typeOid }] of columns.entries()) row[name] = readValue(typeOid, values[index] ?? null)
  return row
}
