import { afterEach, expect, test, vi } from 'vitest'
import { bufferedStdout } from './log.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('lines of the log are written together, in their order, and not twice', () => {
  vi.useFakeTimers()
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const stdout = bufferedStdout()
  stdout.write('one\n')
  stdout.write('two\n')
  expect(write).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1_000)
  expect(write.mock.calls).toEqual([['one\ntwo\n']])
  stdout.write('three\n')
  vi.advanceTimersByTime(1_000)
  expect(write.mock.calls).toEqual([['one\ntwo\n'], ['three\n']])
})

test('what is not written yet is written when the process ends', () => {
  const before = process.listeners('exit')
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  bufferedStdout().write('the last\n')
  const [flush] = process.listeners('exit').filter((listener) => !before.includes(listener))
  flush?.(0)
  expect(write.mock.calls).toEqual([['the last\n']])
})
