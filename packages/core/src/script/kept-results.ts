import { CollectedAnswer, type ResultSet, type Sent, type StatementAnswer } from './answers.ts'
import type { Answering } from './answering.ts'
import { CollectedLastAnswer } from './last-result.ts'
import type { Column } from './session.ts'
import type { Statement } from './statement.ts'
import { quoteLiteral } from './variables.ts'

/** Keeps the result of what `send` sends. `finish` prints the tag that psql prints behind what it does with it. */
export async function collect(
  statement: Statement,
  sent: Sent,
  answering: Answering,
  send: (answer: StatementAnswer) => void | Promise<void>,
): Promise<{ result: ResultSet | undefined; finish: () => void }> {
  const { outputs, recorder, sender, decode } = answering
  let tag: string | undefined
  const completed = (_sent: Sent, completedTag: string) => {
    tag = completedTag
    recorder.completed(sent, tag)
  }
  let result: ResultSet | undefined
  if (statement.parts.length > 1) {
    const show = () => answering.showingKept(sent)
    const copyOut = (chunk: Buffer) => answering.write(outputs.results, chunk)
    const answer = new CollectedLastAnswer(sent, { completed }, { decode, show, copyOut })
    await send(answer)
    await sender.settle()
    answer.showHeld()
    result = answer.last?.result
    tag = answer.last?.tag
  } else {
    const answer = new CollectedAnswer(sent, { completed }, { decode })
    await send(answer)
    await sender.settle()
    result = tag === undefined ? undefined : answer.result
  }
  const finish = () => {
    if (tag !== undefined && (result === undefined || outputs.printing?.tagFollowsRows(tag))) answering.tell(tag)
  }
  return { result, finish }
}

/** `\gdesc`. */
export async function describeColumns(statement: Statement, sent: Sent, answering: Answering): Promise<void> {
  const { sender, decode, outputs, recorder } = answering
  await sender.settle()
  let described = false
  const asked = new CollectedAnswer(sent, { completed: () => (described = true) }, { decode })
  await sender.sendDescribe(statement, asked)
  await sender.settle()
  if (!described) return
  const columns = asked.result?.columns ?? []
  if (columns.length > 0) {
    sender.sendText(Buffer.from(listColumns(columns)), answering.answerTo(sent), { describe: true })
    return sender.settle()
  }
  if (outputs.printing) answering.print('results', 'The command has no result, or the result has no columns.\n')
  recorder.setResult(undefined)
}

/** What psql asks the server for: the names of the types are the server's. */
function listColumns(columns: readonly Column[]): string {
  const values = columns.map(
    ({ name, typeOid, typeModifier }) => `(${quoteLiteral(name)}, '${typeOid}'::pg_catalog.oid, ${typeModifier})`,
  )
  return `SELECT name AS "Column", pg_catalog.format_type(tp, tpm) AS "Type" FROM (VALUES ${values.join(',')}) s(name, tp, tpm)`
}
