import type { ResultSet } from './answers.ts'
import type { Answering } from './answering.ts'

/** Prints a result on its side, as `\crosstabview` with these words does. Throws `script_failed` where it cannot be turned. */
export async function printTurned(
  { columns, rows }: ResultSet,
  words: readonly string[],
  answering: Answering,
): Promise<void> {
  const { printing, settings, results } = answering.outputs
  if (printing === undefined || settings === undefined) return
  const names = columns.map(({ name }) => name)
  const texts = rows.map((row) => row.map((value) => value?.toString('utf8') ?? null))
  const turned = await printing.crosstab(names, texts, words, settings.null)
  const { vertical, data } = turned.from
  const typeOid = (index: number) => columns[index === 0 ? vertical : data]?.typeOid ?? 0
  const printer = printing.createPrinter(settings, (text) => answering.write(results, text))
  printer.begin(turned.columns.map((name, index) => ({ name, typeOid: typeOid(index) })))
  for (const row of turned.rows) printer.row(row.map((value) => (value === null ? null : Buffer.from(value))))
  printer.end({ tag: '', rows: turned.rows.length })
}
