/** What lets scripts change something. */
export interface Consent {
  /**
   * A statement that fails unless it may be done without asking. It goes ahead of scripts that run as one transaction and
   * work on nothing but the database, in the same flight: asking beforehand would cost a round trip.
   */
  readonly test?: string | undefined
  /** Asks. What it throws, `runScripts` throws, and nothing was run. */
  ask(): Promise<void>
}
