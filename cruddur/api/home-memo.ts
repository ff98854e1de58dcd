import { performance } from 'node:perf_hooks'
import type { Page } from './store/store.ts'

const lifeMs = 1_000

/** Keeps the feed that all see for a second, but never longer than its soonest activity lives; who asks meanwhile waits for the same query. */
export class HomeMemo {
  readonly #read: () => Promise<Page>
  #kept: { page: Page; until: number } | undefined
  #reading: Promise<Page> | undefined

  constructor(read: () => Promise<Page>) {
    this.#read = read
  }

  async read(): Promise<Page> {
    if (this.#kept !== undefined && performance.now() < this.#kept.until) return this.#kept.page
    return (this.#reading ??= this.#ask().finally(() => (this.#reading = undefined)))
  }

  async #ask(): Promise<Page> {
    const asked = performance.now()
    const page = await this.#read()
    // Counted from before the question: by the database's clock things expire no sooner.
    this.#kept = { page, until: asked + Math.min(lifeMs, page.expiresInMs ?? lifeMs) }
    return page
  }
}
