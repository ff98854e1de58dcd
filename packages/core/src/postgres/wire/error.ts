/** What goes wrong on our side of the wire, or where the server breaks the protocol. */
type WireCode = 'timeout' | 'no_tls' | 'ended' | 'protocol' | 'no_password' | 'authentication' | 'forged'

/** A conversation that failed for another reason than an error that the server reported, or the operating system. */
export class WireError extends Error {
  readonly code: WireCode

  constructor(code: WireCode, message: string) {
    super(message)
    this.name = 'WireError'
    this.code = code
  }
}
