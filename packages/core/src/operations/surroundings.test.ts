import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Surroundings } from './surroundings.ts'

async function makeFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'pgrig-surroundings-')))
  onTestFinished(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'sub/deep'), { recursive: true })
  await writeFile(join(folder, 'file'), '')
  return folder
}

test('a folder is changed step by step, and that of this process stays', async () => {
  const folder = await makeFolder()
  const before = process.cwd()
  const surroundings = new Surroundings(folder, { HOME: join(folder, 'sub') })
  await surroundings.changeFolder('sub/deep')
  expect(surroundings.folder).toBe(join(folder, 'sub/deep'))
  await surroundings.changeFolder('../..')
  expect(surroundings.folder).toBe(folder)
  await surroundings.changeFolder()
  expect(surroundings.folder).toBe(join(folder, 'sub'))
  expect(process.cwd()).toBe(before)
})

test('what is no folder is not gone to', async () => {
  const folder = await makeFolder()
  const surroundings = new Surroundings(folder)
  for (const [path, message] of [
    ['nowhere', 'There is no folder nowhere.'],
    ['file', 'file is not a folder.'],
    [undefined, 'There is no home folder: HOME is not set.'],
  ]) {
    await expect(surroundings.changeFolder(path)).rejects.toMatchObject({ code: 'file_missing', message })
  }
  if (process.getuid?.() !== 0) {
    await chmod(join(folder, 'sub'), 0o600)
    await expect(surroundings.changeFolder('sub')).rejects.toMatchObject({ code: 'permission' })
  } else console.warn('A folder that may not be entered was not tested: root may enter all.')
  expect(surroundings.folder).toBe(folder)
})

test('the environment is changed for programs, and that of this process stays', () => {
  const environment = { PGRIG_ONE: '1', PATH: '/bin' }
  const surroundings = new Surroundings('.', environment)
  expect(surroundings.programEnvironment).toBeUndefined()
  surroundings.setVariable('PGRIG_TWO', '2')
  surroundings.setVariable('PGRIG_ONE', undefined)
  expect(surroundings.variable('PGRIG_TWO')).toBe('2')
  expect(surroundings.variable('PGRIG_ONE')).toBeUndefined()
  expect(surroundings.programEnvironment).toEqual({ PATH: '/bin', PGRIG_TWO: '2' })
  expect(environment).toEqual({ PGRIG_ONE: '1', PATH: '/bin' })
  expect(process.env['PGRIG_TWO']).toBeUndefined()
})
