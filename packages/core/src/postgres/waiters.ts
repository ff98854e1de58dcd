interface Waiting {
  readonly until: () => boolean
  readonly resolve: () => void
}

/** Those who wait until something is so. */
export class Waiters {
  #waiting: Waiting[] = []

  wait(until: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      if (until()) resolve()
      else this.#waiting.push({ until, resolve })
    })
  }

  /** Lets those go on for whom it is so now. To be called whenever something has changed. */
  wake(): void {
    if (this.#waiting.length === 0) return
    const ready: Waiting[] = []
    const still: Waiting[] = []
    for (const waiting of this.#waiting) (waiting.until() ? ready : still).push(waiting)
    this.#waiting = still
    for (const { resolve } of ready) resolve()
  }
}
