import { Failure } from '../errors.ts'
import { CollectedAnswer, type ResultSet } from './answers.ts'
import type { Answering } from './answering.ts'
import { placeOf } from './interpreter.ts'
import type { PrintSettings } from '../print/settings.ts'
import type { MetaCommand } from './metacommand.ts'

/** Asks the server for rows. */
export type AskServer = (sql: string) => Promise<ResultSet>

/** What knows the commands that only look. */
export interface DescribePorts {
  /** Runs one of psql's commands that only look: `\d`, `\l`, `\sf`, `\conninfo`. Returns what it has not found. */
  describe(
    line: string,
    ask: AskServer,
    write: (text: string) => void,
    settings: PrintSettings | undefined,
  ): Promise<string | undefined>
}

/** Runs `\d` and the like. Throws `script_failed` where what they name is not there. */
export async function describe(
  command: MetaCommand,
  line: string,
  answering: Answering,
  ports: DescribePorts,
): Promise<void> {
  const { sender, outputs, options } = answering
  await sender.settle()
  if (options.results === 'drop') return
  const ask = async (sql: string): Promise<ResultSet> => {
    const sent = answering.sent(placeOf(command), undefined, { sql })
    // What it asks are no statements of the script.
    const answer = new CollectedAnswer(sent, { completed() {} }, { decode: answering.decode })
    sender.sendText(Buffer.from(sql), answer, { describe: true })
    await sender.settle()
    return answer.result ?? { columns: [], rows: [] }
  }
  const { results, settings } = outputs
  const complaint = await ports.describe(line, ask, (text) => answering.write(results, text), settings)
  if (complaint === undefined) return
  // For psql a table that is not there is an error, and a list without entries is none.
  if (/^\\d[S+x]*$/.test(`\\${command.name}`)) {
    throw new Failure('script_failed', complaint, { location: placeOf(command) })
  }
  if (!options.variables.isOn('QUIET')) answering.print('error', `${complaint}\n`)
}
