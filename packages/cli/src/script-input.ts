import { resolve } from 'node:path'
import {
  type Connection,
  Failure,
  fileSource,
  type OpenTarget,
  type ScriptOutput,
  type ScriptSource,
  spoolSource,
} from '@pgrig/core'
import type { Tools } from './command.ts'

/** Opens a script that was named on the command line. `-` is what is piped in. Throws `file_missing`, `file_unusable`, `usage`. */
export async function openScript(word: string, tools: Tools): Promise<ScriptSource> {
  const { signal } = tools
  if (word !== '-') {
    const path = resolve(tools.folder, word)
    return fileSource(path, tools.nameFile(path), signal)
  }
  const input = tools.standardInput()
  if (input !== undefined) return spoolSource(input, 'stdin', signal)
  throw new Failure('usage', 'Nothing is piped in.', { hint: 'Name a file, or pipe a script into the command.' })
}

/** Opens scripts in order; when one cannot be opened, those before it are closed. */
export async function openScripts(words: readonly string[], tools: Tools): Promise<ScriptSource[]> {
  const sources: ScriptSource[] = []
  try {
    for (const word of words) sources.push(await openScript(word, tools))
  } catch (error) {
    await closeScripts(sources)
    throw error
  }
  return sources
}

export async function closeScripts(sources: readonly ScriptSource[]): Promise<void> {
  for (const source of sources) await source.close?.()
}

/** Output that is kept, for --json. */
export function keptOutput(): ScriptOutput & { text(): string } {
  const pieces: Buffer[] = []
  return {
    write: (bytes) => void pieces.push(Buffer.from(bytes)),
    full: () => undefined,
    close: async () => {},
    text: () => Buffer.concat(pieces).toString('utf8'),
  }
}

/**
 * Looks through scripts while the target is opened and a connection made: neither waits for the other. The target's failure comes
 * first, then the scripts'.
 */
export async function whileConnecting<Inspected>(
  look: (signal: AbortSignal) => Promise<Inspected>,
  tools: Tools,
): Promise<[Inspected, OpenTarget, Connection]> {
  const enough = new AbortController()
  const opening = tools.target()
  const [opened, inspected, connected] = await Promise.allSettled([
    opening.catch((error: unknown) => {
      enough.abort()
      throw error
    }),
    look(AbortSignal.any([tools.signal, enough.signal])),
    opening.then((target) => target.connect()),
  ])
  if (opened.status === 'rejected') throw opened.reason
  if (inspected.status === 'rejected') {
    if (connected.status === 'fulfilled') connected.value.leave()
    throw inspected.reason
  }
  if (connected.status === 'rejected') throw connected.reason
  return [inspected.value, opened.value, connected.value]
}

/** A dry run shows a script whole, if somebody might read it. */
const shownBytes = 1024 * 1024

/** The text of a script that is not too long to be shown. */
export async function readText(source: ScriptSource, bytes = source.sizeBytes ?? 0): Promise<string | undefined> {
  if (bytes > shownBytes) return undefined
  const pieces: Uint8Array[] = []
  for await (const piece of source.open()) pieces.push(piece)
  return Buffer.concat(pieces).toString('utf8')
}
