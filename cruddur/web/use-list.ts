import { useMemo } from 'preact/hooks'
import { type List, openList, type Reading } from './list.ts'
import { place } from './router.ts'

/** The list of an address, at this place of the history. */
export function useList<T, Head>(address: string, reading: Reading<T, Head>): List<T, Head> {
  return useMemo(() => openList(place.get().key, address, reading), [address])
}
