/** A column of a result set. */
export interface Column {
  readonly name: string
  readonly typeOid: number
}

/** What the server says of one statement, in the order in which it says it. */
export interface Answer {
  /** A result set begins; not called unless it was asked for. */
  columns?(columns: readonly Column[]): void
  /** A row, each value as text in the client's encoding. The buffers may be kept. */
  row?(values: readonly (Buffer | null)[]): void
  /** A piece of what COPY … TO STDOUT writes. */
  copyOut?(chunk: Buffer): void
  /** A statement is done. In a group that `\;` joins it comes once for each. Empty: there was nothing in it. */
  complete(tag: string): void
}

/**
 * The fields of an error or a notice of the server, as text.
 * https://www.postgresql.org/docs/current/protocol-error-fields.html
 */
export interface ServerFields {
  readonly severity: string
  readonly code: string
  readonly message: string
  readonly detail?: string
  readonly hint?: string
  readonly position?: string
  readonly internalPosition?: string
  readonly internalQuery?: string
  readonly where?: string
  readonly schema?: string
  readonly table?: string
  readonly column?: string
  readonly dataType?: string
  readonly constraint?: string
  /** Where in the source of PostgreSQL it was raised. */
  readonly sourceFile?: string
  readonly sourceLine?: string
  readonly sourceRoutine?: string
}

/** What went wrong on the server's side, and with which statement. */
export interface SessionError {
  readonly fields: ServerFields
  /** Undefined when it came while nothing was running: the connection is about to end. */
  readonly answer: Answer | undefined
}

/** How a statement is sent. */
interface SendOptions {
  /** Ask for the columns of the result. */
  readonly describe?: boolean
  /** Values of `$1` …, as `\bind` gives them. */
  readonly parameters?: readonly string[]
}

/**
 * The server as a running script sees it. Sending never waits: answers come in order, whenever they come. After an error the
 * server drops what was sent behind it, up to the next `sync`.
 */
export interface ScriptSession {
  /** What the server reports of itself: server_version, client_encoding, standard_conforming_strings … */
  readonly parameters: ReadonlyMap<string, string>
  /** As of the last `sync`: outside a transaction, in one, or in one that has failed. */
  readonly transactionStatus: 'I' | 'T' | 'E'
  /** The first error since it was last cleared. */
  readonly error: SessionError | undefined
  /** The connection is lost; `idle` throws why. */
  readonly ended: boolean
  /** Told every notice, with the answer of the statement that was running. */
  onNotice: ((fields: ServerFields, answer: Answer | undefined) => void) | undefined
  /** Sends one statement without waiting for those before it. */
  send(statement: Uint8Array, answer: Answer, options?: SendOptions): void
  /** Sends a text of one or more statements as a simple query, which brings its own `sync`. Wait for `idle` before and after. */
  sendSimple(text: Uint8Array, answer: Answer): void
  /** Sends a piece of the data of the COPY … FROM STDIN that was sent last. It must not be changed afterwards. */
  copyData(chunk: Uint8Array): void
  /** Ends that data. With a reason, the server takes it for failed. */
  copyEnd(failure?: string): void
  /** Does something of our own when all that was sent before is answered; never, when an error comes first. */
  after(work: () => void): void
  /** Has the server forget an error, and tell the state of the transaction. */
  sync(): void
  /** Has the server answer what was sent so far, without waiting for it. */
  flush(): void
  /** Resolves when more can be sent; undefined: now. */
  room(): Promise<void> | undefined
  /** Resolves when all is answered that was sent. Throws when the connection is lost. */
  idle(): Promise<void>
  /** Forgets the error, which the next `sync` must follow. */
  clearError(): void
  /** Reads no answers until then, because nobody takes them fast enough. */
  hold(until: Promise<void>): void
}
