/** A script that can be read as often as it takes. */
export interface ScriptSource {
  /** As the user would name it: shown in errors. */
  readonly name: string
  /** The folder that `\ir` is relative to; undefined for what is no file. */
  readonly folder: string | undefined
  /** Undefined where it is not known before it was read. */
  readonly sizeBytes: number | undefined
  /** Its bytes from the start, in buffers that do not change afterwards. */
  open(): AsyncIterable<Uint8Array>
  /** Takes back a piece of its bytes that nobody needs any more, to read others into it. */
  recycle?(piece: Uint8Array): void
  /** Removes what was kept aside to read it again. */
  close?(): Promise<void>
}

/** Where output goes, in order. */
export interface ScriptOutput {
  write(bytes: string | Uint8Array): void
  /** Resolves when more is taken; undefined: now. */
  full(): Promise<void> | undefined
  /** Resolves when all is written. Throws when it could not be. */
  close(): Promise<void>
  /** Aborts, with a failure that says why, when nothing can be written any more. A run then ends, and is rolled back. */
  readonly broken?: AbortSignal
}

/** The files, programs and surroundings that a script may use. */
export interface ScriptFiles {
  /** Finds a script that another one includes. Throws `file_missing` or `file_unusable`. */
  include(path: string, folder: string | undefined): Promise<ScriptSource>
  /** Opens a file of data, as `\copy` reads it. Throws `file_missing`. */
  read(path: string): Promise<AsyncIterable<Uint8Array> & { readonly sizeBytes?: number | undefined }>
  /** Opens it once more. Throws `file_unusable` also for a pipe, which gives its data only once. */
  readAgain(path: string): Promise<AsyncIterable<Uint8Array>>
  /** Creates or empties a file. Throws `permission`, `file_missing`, `disk_full`. */
  write(path: string): Promise<ScriptOutput>
  /** The program's own standard input: `\copy … from pstdin`. */
  standardInput(): AsyncIterable<Uint8Array>
  /** A variable of the environment, for `\getenv`. */
  environmentVariable(name: string): string | undefined
  /** Sets one for `\getenv` and the programs that the script runs, or takes it away. Ours stay as they are. */
  setEnvironmentVariable(name: string, value: string | undefined): void
  /** Changes what names of files are relative to; undefined is the user's home. Throws `file_missing` or `permission`. */
  changeFolder(path: string | undefined): Promise<void>
}

/** The shell of the operating system, for scripts that may use it. */
export interface ScriptShell {
  /** Runs a command to its end and returns what it wrote. Its errors go to our own standard error. */
  run(command: string): Promise<{ readonly output: string; readonly exitCode: number }>
  /** A command's output, as it comes. Throws `program_failed` at its end when it failed. */
  read(command: string): AsyncIterable<Uint8Array>
  /** A command that is given its input. */
  write(command: string): Promise<ScriptOutput>
}
