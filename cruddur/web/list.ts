import { type Pages, findMissing, putBelow, putOnTop } from './merge.ts'
import { type Answer, type Refusal, readInlined, request } from './request.ts'
import { makeSource, type Source } from './source.ts'

/** What a view has read: what stands above its list (a profile, an activity), the list, and how the reading goes. */
interface ListState<T, Head> extends Pages<T> {
  head: Head | undefined
  state: 'loading' | 'ready' | 'failed'
  /** Why the first reading failed. */
  refusal: Refusal | undefined
  more: 'idle' | 'loading' | 'failed'
}

/** How the answer of an address becomes a list. */
export interface Reading<T, Head> {
  keyOf(item: T): string
  itemsOf(data: unknown): T[]
  headOf?(data: unknown): Head
  /** Called with all that is read, before it is shown. */
  taken?(items: T[], head: Head | undefined): void
}

export interface List<T, Head> {
  state: Source<ListState<T, Head>>
  /** Reads it anew from its beginning. */
  reload(): Promise<void>
  loadMore(): Promise<void>
  /** Reads the first page again. Returns it with what is missing from it, and shows neither. */
  peek(): Promise<{ fresh: Pages<T>; missing: T[] } | undefined>
  showOnTop(fresh: Pages<T>): void
  prepend(item: T): void
  append(item: T): void
  update(changes: Partial<Head>): void
}

const cache = new Map<string, List<unknown, unknown>>()
const cached = 20

/**
 * The list of an address in a place of the history: the one that was shown there before, or a new one, which begins to
 * read at once.
 */
export function openList<T, Head>(place: string, address: string, reading: Reading<T, Head>): List<T, Head> {
  const key = `${place} ${address}`
  const known = cache.get(key) as List<T, Head> | undefined
  if (known !== undefined) return known
  const list = makeList(address, reading)
  cache.set(key, list as unknown as List<unknown, unknown>)
  const [oldest] = cache.keys()
  if (cache.size > cached && oldest !== undefined) cache.delete(oldest)
  return list
}

function makeList<T, Head>(address: string, reading: Reading<T, Head>): List<T, Head> {
  const { keyOf, itemsOf, headOf, taken } = reading
  const nothing: ListState<T, Head> = {
    head: undefined,
    items: [],
    next: undefined,
    state: 'loading',
    refusal: undefined,
    more: 'idle',
  }
  const take = (data: unknown, next: string | undefined): Pages<T> & { head: Head | undefined } => {
    const items = itemsOf(data)
    const head = headOf?.(data)
    taken?.(items, head)
    return { items, next, head }
  }
  const begin = (answer: Answer<unknown>): ListState<T, Head> =>
    answer.ok
      ? { ...nothing, ...take(answer.data, answer.next), state: 'ready' }
      : { ...nothing, state: 'failed', refusal: answer }

  // What came with the page is there before anything is drawn.
  const inlined = readInlined(address)
  const state = makeSource(inlined === undefined ? nothing : begin(inlined))
  const set = (changes: Partial<ListState<T, Head>>) => state.set({ ...state.get(), ...changes })

  const list: List<T, Head> = {
    state,
    async reload() {
      if (state.get().state === 'failed') state.set(nothing)
      const fresh = begin(await request('GET', address))
      // Something to read is better than a notice, when there was something.
      if (fresh.state === 'ready' || state.get().state !== 'ready') state.set(fresh)
    },
    async loadMore() {
      const { next, more } = state.get()
      if (next === undefined || more === 'loading') return
      set({ more: 'loading' })
      const answer = await request('GET', next)
      // It may have begun anew meanwhile.
      if (state.get().next !== next) return
      if (answer.ok) set({ ...putBelow(state.get(), take(answer.data, answer.next), keyOf), more: 'idle' })
      else set({ more: 'failed' })
    },
    async peek() {
      const answer = await request('GET', address)
      if (!answer.ok || state.get().state !== 'ready') return undefined
      const { head, ...fresh } = take(answer.data, answer.next)
      if (head !== undefined) set({ head })
      return { fresh, missing: findMissing(state.get().items, fresh, keyOf) }
    },
    showOnTop: (fresh) => set({ ...putOnTop(state.get(), fresh, keyOf), more: 'idle' }),
    prepend: (item) => set({ items: [item, ...state.get().items.filter((other) => keyOf(other) !== keyOf(item))] }),
    append: (item) => set({ items: [...state.get().items.filter((other) => keyOf(other) !== keyOf(item)), item] }),
    update(changes) {
      const { head } = state.get()
      if (head !== undefined) set({ head: { ...head, ...changes } })
    },
  }
  if (inlined === undefined) void list.reload()
  return list
}
