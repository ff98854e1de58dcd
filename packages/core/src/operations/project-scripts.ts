import { readScript, type LoadOptions, type Script } from './load.ts'

/** The scripts that make a database what the application needs. */
export interface ProjectScripts {
  schemaFile: string
  seedFile: string
  /** How a file is named in errors and results. Default: its path. */
  nameFile?: (path: string) => string
  /** How the scripts are run. */
  scripts?: LoadOptions
}

/** Reads them, and says what is wrong with them. */
export async function readScripts({ nameFile, scripts }: ProjectScripts, files: string[]): Promise<Script[]> {
  const options = { ...scripts, ...(nameFile && { nameFile }) }
  const read = []
  // In order, so that of two that are missing always the same one is told.
  for (const file of files) read.push(await readScript(file, nameFile?.(file), options))
  return read
}
