import { OwnAnswer, PassingAnswer, type StatementAnswer } from './answers.ts'
import type { ScriptSession } from './session.ts'
import type { VariableStore } from './variable-store.ts'

const begin = Buffer.from('begin')
const savepoint = Buffer.from('savepoint pg_psql_temporary_savepoint')
const release = Buffer.from('release pg_psql_temporary_savepoint')
const rollBack = Buffer.from('rollback to pg_psql_temporary_savepoint')

/** Behind these the savepoint is gone, or is not the last one any more. */
const endsSavepoint = new Set(['COMMIT', 'SAVEPOINT', 'RELEASE', 'ROLLBACK'])

/** Notes whether a statement leaves the savepoint before it as it is. */
class WithinSavepoint extends PassingAnswer {
  gone = false

  override complete(tag: string): void {
    this.gone ||= endsSavepoint.has(tag)
    super.complete(tag)
  }
}

/**
 * What goes before and behind each statement outside of a transaction of ours: `\set AUTOCOMMIT off` begins one, and with
 * `\set ON_ERROR_ROLLBACK on` an error takes back only its statement (SendQuery in common.c of PostgreSQL 18).
 */
export class AroundStatement {
  readonly #variables: VariableStore
  #within: WithinSavepoint | undefined

  constructor(variables: VariableStore) {
    this.#variables = variables
  }

  /** Whether `open` has anything to do. */
  get needed(): boolean {
    return !this.#variables.commits || this.#variables.rollsBackErrors
  }

  /** Whether `close` has. */
  get isOpen(): boolean {
    return this.#within !== undefined
  }

  /** Sends what goes before a statement with these first words. Returns what takes its answer. */
  async open(session: ScriptSession, words: readonly string[], answer: StatementAnswer): Promise<StatementAnswer> {
    if (!this.#variables.commits && session.transactionStatus === 'I' && !beginsNothing(words)) {
      session.sendSimple(begin, new OwnAnswer('begin'))
      await session.idle()
    }
    if (!this.#variables.rollsBackErrors || session.transactionStatus !== 'T') return answer
    session.sendSimple(savepoint, new OwnAnswer('savepoint'))
    await session.idle()
    this.#within = new WithinSavepoint(answer.sent, answer)
    return this.#within
  }

  /** Sends what goes behind it. */
  async close(session: ScriptSession): Promise<void> {
    const within = this.#within
    this.#within = undefined
    const { transactionStatus: status } = session
    if (status === 'E') session.sendSimple(rollBack, new OwnAnswer('rollback'))
    else if (status === 'T' && !within?.gone) session.sendSimple(release, new OwnAnswer('savepoint'))
    await session.idle()
  }
}

const alone = new Set(['ABORT', 'BEGIN', 'START', 'COMMIT', 'END', 'ROLLBACK', 'VACUUM'])
const pairs = new Set([
  'PREPARE TRANSACTION',
  'CREATE DATABASE',
  'CREATE TABLESPACE',
  'ALTER SYSTEM',
  'DROP DATABASE',
  'DROP SYSTEM',
  'DROP TABLESPACE',
  'REINDEX DATABASE',
  'REINDEX SYSTEM',
  'REINDEX TABLESPACE',
  'DISCARD ALL',
])

/** Whether psql begins no transaction for a statement (command_no_begin). */
function beginsNothing([first = '', second = '', third = '', fourth = '']: readonly string[]): boolean {
  if (alone.has(first) || pairs.has(`${first} ${second}`)) return true
  if (first === 'CLUSTER') return second === ''
  if (first === 'CREATE' && second === 'UNIQUE') return third === 'INDEX' && fourth === 'CONCURRENTLY'
  if (third !== 'CONCURRENTLY') return false
  return second === 'INDEX'
    ? ['CREATE', 'DROP', 'REINDEX'].includes(first)
    : second === 'TABLE' && ['DROP', 'REINDEX'].includes(first)
}
