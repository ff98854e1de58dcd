import { useLayoutEffect, useReducer, useRef } from 'preact/hooks'

/** A value that changes, and that others want to hear of. */
export interface Source<T> {
  get(): T
  /** Tells those who watch, unless the value is the one that was there. */
  set(value: T): void
  /** Calls back at each change, until the returned function is called. */
  watch(listener: () => void): () => void
}

export function makeSource<T>(value: T): Source<T> {
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const listener of listeners) listener()
    },
    watch(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** The value of a source, in a component that is drawn again when it changes. */
export function useSource<T>(source: Source<T>): T {
  return useSelected(source, (value) => value)
}

/** What `select` makes of a source. Only a change of that draws the component again. */
export function useSelected<T, S>(source: Source<T>, select: (value: T) => S): S {
  const [, draw] = useReducer<number, void>((count) => count + 1, 0)
  const selected = select(source.get())
  const latest = useRef({ select, selected })
  latest.current = { select, selected }
  useLayoutEffect(() => {
    const look = () => {
      if (!Object.is(latest.current.select(source.get()), latest.current.selected)) draw()
    }
    // It may have changed between the drawing and now.
    look()
    return source.watch(look)
  }, [source])
  return selected
}
