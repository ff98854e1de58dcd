/** Random numbers that are the same in every run (mulberry32). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** A number from 0 up to 1, without 1. */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1))
  }

  chance(probability: number): boolean {
    return this.fraction() < probability
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.whole(0, choices.length - 1)] ?? choices[0]
  }

  words(least: number, most: number): string {
    return Array.from({ length: this.whole(least, most) }, () => this.pick(vocabulary)).join(' ')
  }

  hexadecimal(digits: number): string {
    return Array.from({ length: digits }, () => this.whole(0, 15).toString(16)).join('')
  }

  timestamp(): string {
    return new Date(Date.UTC(2020, 0, 1) + this.whole(0, 180_000_000) * 1000)
      .toISOString()
      .slice(0, 19)
      .replace('T', ' ')
  }
}

const vocabulary = [
  'the',
  'of',
  'and',
  'a',
  'to',
  'in',
  'is',
  'that',
  'it',
  'was',
  'for',
  'on',
  'with',
  'as',
  'at',
  'by',
  'from',
  'order',
  'invoice',
  'customer',
  'delivery',
  'warehouse',
  'shipment',
  'quantity',
  'returned',
  'pending',
  'review',
  'comment',
  'because',
  'however',
  'without',
  'between',
  'morning',
  'evening',
  'Zürich',
  'café',
  'naïve',
  'it’s',
  "don't",
  '100%',
] as const
