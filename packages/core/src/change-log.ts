import { openChangeLog } from './postgres/embedded/place.ts'

/** One line of `.pgrig/log.jsonl`: a change of production begins, ends, or was refused. It never holds a secret. */
export interface LoggedChange {
  /** ISO 8601, UTC. */
  at: string
  /** The same in the line of the beginning and in that of the end. A beginning without an end: the program was killed. */
  id: string
  /** The user of this machine, and the role on the server. Null: the change was asked of AWS, as are target and database then. */
  user: string | null
  host: string
  role: string | null
  target: string | null
  /** Host and port of the server, or `cruddur-db on RDS in eu-central-1`. */
  server: string
  database: string | null
  /** The command's name, without what was typed behind it. */
  command: string
  /** What it does, in words: `drops the database`. */
  what: string
  /** Why the target counts as production. */
  signs: readonly string[]
  result: 'started' | 'done' | 'failed' | 'interrupted' | 'refused'
  /** The code of the failure. */
  error?: string
  seconds?: number
}

/** Appends a line to the project's log, and has it on the disk before it returns. Throws `permission`, `disk_full`, `file_unusable`. */
export async function logChange(projectFolder: string, change: LoggedChange): Promise<void> {
  const file = await openChangeLog(projectFolder)
  try {
    // In one write: two at once do not mix.
    await file.appendFile(`${JSON.stringify(change)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}
