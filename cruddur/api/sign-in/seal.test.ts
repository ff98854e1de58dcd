import { expect, test } from 'vitest'
import { createSealer } from './seal.ts'

const first = 'a'.repeat(32)
const second = 'b'.repeat(32)

test('what is sealed opens again, and shows nothing of itself', () => {
  const sealer = createSealer([first], 'session')
  const sealed = sealer.seal('a refresh token', 'row 1')
  expect(sealed.toString('latin1')).not.toContain('refresh')
  expect(sealer.open(sealed, 'row 1')).toBe('a refresh token')
  expect(sealer.seal('a refresh token', 'row 1')).not.toEqual(sealed)
})

test('each changed bit keeps it shut', () => {
  const sealer = createSealer([first], 'session')
  const sealed = sealer.seal('text', 'row 1')
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const changed = Buffer.from(sealed)
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(sealer.open(changed, 'row 1')).toBeUndefined()
  }
  for (const length of [0, 1, 12, 27, sealed.length - 1])
    expect(sealer.open(sealed.subarray(0, length), 'row 1')).toBeUndefined()
})

test('it does not open in another row, for another purpose or with another secret', () => {
  const sealed = createSealer([first], 'session').seal('text', 'row 1')
  expect(createSealer([first], 'session').open(sealed, 'row 2')).toBeUndefined()
  expect(createSealer([first], 'pending').open(sealed, 'row 1')).toBeUndefined()
  expect(createSealer([second], 'session').open(sealed, 'row 1')).toBeUndefined()
})

test('a new secret in front goes on opening what the old one sealed', () => {
  const old = createSealer([first], 'session').seal('text', 'row 1')
  const rotated = createSealer([second, first], 'session')
  expect(rotated.open(old, 'row 1')).toBe('text')
  const renewed = rotated.seal('text', 'row 1')
  expect(createSealer([second], 'session').open(renewed, 'row 1')).toBe('text')
})

test('without a secret nothing is sealed', () => {
  expect(() => createSealer([], 'session')).toThrow('without a secret')
})
