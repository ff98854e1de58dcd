import { isAbsolute } from 'node:path'
import { expect, test } from 'vitest'
import { readEnvironment } from './environment.ts'

test('the environment of this process can be read', () => {
  const { variables, home, folder, hostAddresses } = readEnvironment()
  expect(variables).toBe(process.env)
  expect(folder).toBe(process.cwd())
  expect(isAbsolute(home)).toBe(true)
  expect(hostAddresses).toContain('127.0.0.1')
})
