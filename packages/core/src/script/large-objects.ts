import { Failure } from '../errors.ts'
import { type Sent, StatementAnswer } from './answers.ts'
import type { Answering } from './answering.ts'
import { placeOf } from './interpreter.ts'
import type { MetaCommand } from './metacommand.ts'
import type { OutputPorts } from './outputs.ts'
import type { TransactionMode } from './script-failure.ts'
import type { ServerFields } from './session.ts'
import { quoteLiteral } from './variables.ts'

/** How much of a large object is sent or asked for at once. */
const pieceBytes = 256 * 1024

/** What `\lo_list` asks (listLargeObjects in describe.c of PostgreSQL 18). */
function listing(verbose: boolean): string {
  const access = `CASE WHEN pg_catalog.array_length(lomacl, 1) = 0 THEN '(none)'
    ELSE pg_catalog.array_to_string(lomacl, E'\\n') END AS "Access privileges",`
  return `SELECT oid as "ID", pg_catalog.pg_get_userbyid(lomowner) as "Owner", ${verbose ? access : ''}
    pg_catalog.obj_description(oid, 'pg_largeobject') as "Description"
    FROM pg_catalog.pg_largeobject_metadata ORDER BY oid`
}

/** How long a large object is. Without an owner's right to read pg_largeobject, only a descriptor of it can say so. */
const sizeOf = `select size from
  (select fd, pg_catalog.lo_lseek64(fd, 0, 2) as size
   from (select pg_catalog.lo_open($1, 262144) as fd offset 0) as opened offset 0) as measured
  where pg_catalog.lo_close(fd) = 0`

/** Its pieces, whatever bytea_output says. */
const pieces = `select pg_catalog.encode(pg_catalog.lo_get($1, piece * ${pieceBytes}, ${pieceBytes}), 'hex')
  from pg_catalog.generate_series(0::bigint, $2::bigint) as piece`

/** Takes rows one by one, and the first error of a command. */
class ObjectAnswer extends StatementAnswer {
  readonly #operation: { error: { fields: ServerFields; answer: StatementAnswer } | undefined }
  readonly #take: (text: string) => void

  constructor(sent: Sent, operation: Operation, take: (text: string) => void) {
    super(sent, { completed() {} })
    this.#operation = operation
    this.#take = take
  }

  row([value]: readonly (Buffer | null)[]): void {
    if (value) this.#take(value.toString('latin1'))
  }

  failed(fields: ServerFields): void {
    this.#operation.error ??= { fields, answer: this }
  }
}

/** One command under way. */
interface Operation {
  readonly command: MetaCommand
  error: { fields: ServerFields; answer: StatementAnswer } | undefined
}

/** `\lo_import` and its kin: psql does the same with functions of libpq. */
export class LargeObjects {
  readonly #answering: Answering
  readonly #ports: OutputPorts
  readonly #mode: TransactionMode

  constructor(answering: Answering, ports: OutputPorts, mode: TransactionMode) {
    this.#answering = answering
    this.#ports = ports
    this.#mode = mode
  }

  /** Follows such a command. */
  async follow(command: MetaCommand, [first, second]: readonly string[]): Promise<void> {
    const { sender, options } = this.#answering
    await sender.settle()
    const { name } = command
    if (name.startsWith('lo_l') || name.startsWith('dl')) return this.#list(command)
    if (first === undefined || (name === 'lo_export' && second === undefined)) {
      throw new Failure('script_failed', `\\${name} needs ${name === 'lo_export' ? 'an OID and a file' : needs[name]}.`)
    }
    const operation: Operation = { command, error: undefined }
    const oid = /^\d+/.exec(first)?.[0] ?? '0'
    // Large objects are only possible in a transaction.
    const alone = this.#mode === 'none' && sender.session.transactionStatus === 'I'
    const data = name === 'lo_import' ? await this.#ports.files.read(first) : undefined
    if (alone) sender.sendOwn('begin')
    let done: string | undefined
    try {
      if (data !== undefined) done = await this.#import(operation, data, second)
      else if (second !== undefined && name === 'lo_export') done = await this.#export(operation, oid, second)
      else done = await this.#unlink(operation, oid)
    } finally {
      if (alone && options.variables.isOn('AUTOCOMMIT')) {
        sender.sendOwn(done === undefined ? 'rollback' : 'commit')
        await sender.session.idle()
      }
    }
    if (operation.error) return sender.raise(operation.error)
    // The commit may have failed.
    await sender.settle()
    if (done === undefined) return
    this.#answering.tell(done)
    if (name === 'lo_import') options.variables.set('LASTOID', done.replace('lo_import ', ''))
  }

  async #import(operation: Operation, data: AsyncIterable<Uint8Array>, comment: string | undefined) {
    const [oid] = await this.#ask(operation, 'select pg_catalog.lo_creat(-1)')
    if (oid === undefined) return undefined
    let offset = 0
    for await (const chunk of data) {
      for (let at = 0; at < chunk.length; at += pieceBytes) {
        const piece = Buffer.from(chunk).subarray(at, at + pieceBytes)
        const values = [oid, String(offset), `\\x${piece.toString('hex')}`]
        this.#send(operation, 'select pg_catalog.lo_put($1, $2, $3)', values)
        offset += piece.length
        await this.#answering.sender.pause()
      }
      if (operation.error) return undefined
    }
    if (comment !== undefined) this.#send(operation, `comment on large object ${oid} is ${quoteLiteral(comment)}`, [])
    return this.#settled(operation, `lo_import ${oid}`)
  }

  async #export(operation: Operation, oid: string, path: string): Promise<string | undefined> {
    const [size] = await this.#ask(operation, sizeOf, [oid])
    if (size === undefined) return undefined
    const output = await this.#ports.files.write(path)
    try {
      const last = Math.ceil(Number(size) / pieceBytes) - 1
      this.#send(operation, pieces, [oid, String(last)], (text) =>
        this.#answering.write(output, Buffer.from(text, 'hex')),
      )
      return await this.#settled(operation, 'lo_export')
    } finally {
      await output.close()
    }
  }

  async #unlink(operation: Operation, oid: string): Promise<string | undefined> {
    this.#send(operation, 'select pg_catalog.lo_unlink($1)', [oid])
    return this.#settled(operation, `lo_unlink ${oid}`)
  }

  /** `\lo_list` and `\dl`. */
  async #list(command: MetaCommand): Promise<void> {
    const { sender, outputs } = this.#answering
    const { settings } = outputs
    const { name } = command
    const sql = listing(name.includes('+'))
    const changed = settings && {
      ...settings,
      title: 'Large objects',
      ...(name.includes('x') && { expanded: 'on' as const }),
    }
    const sent = this.#answering.sent(placeOf(command), undefined, { sql })
    sender.sendText(Buffer.from(sql), this.#answering.answerTo(sent, { settings: changed }), { describe: true })
    await sender.settle()
  }

  #send(
    operation: Operation,
    sql: string,
    parameters: readonly string[],
    take: (text: string) => void = () => {},
  ): void {
    const sent = this.#answering.sent(placeOf(operation.command), undefined, { sql })
    this.#answering.sender.sendText(Buffer.from(sql), new ObjectAnswer(sent, operation, take), { parameters })
  }

  /** Sends what returns values, and waits for them. */
  async #ask(operation: Operation, sql: string, parameters: readonly string[] = []): Promise<string[]> {
    const found: string[] = []
    this.#send(operation, sql, parameters, (text) => found.push(text))
    await this.#answering.sender.settle()
    return operation.error ? [] : found
  }

  async #settled(operation: Operation, done: string): Promise<string | undefined> {
    await this.#answering.sender.settle()
    return operation.error ? undefined : done
  }
}

const needs: Readonly<Record<string, string>> = { lo_import: 'a file', lo_unlink: 'an OID' }
