import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addTarget } from './add-target.ts'
import { findProject } from './project.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pgrig-add-target-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const project = () => findProject({ folder, variables: {}, userName: 'ann', home: folder, hostAddresses: [] })
const file = () => join(folder, 'pgrig.json')

test('a target is added, and all else stays as it was', async () => {
  writeFileSync(file(), '{\n    "database": "cruddur",\n    "targets": { "test": { "protected": false } }\n}\n')
  await addTarget(await project(), 'prod', { rds: 'cruddur-db' })
  expect(readFileSync(file(), 'utf8')).toBe(`{
    "database": "cruddur",
    "targets": {
        "test": {
            "protected": false
        },
        "prod": {
            "rds": "cruddur-db"
        }
    }
}
`)
  expect((await project()).settings.targets?.['prod']).toEqual({ rds: 'cruddur-db' })
})

test('where there is no pgrig.json one is made', async () => {
  await addTarget(await project(), 'prod', { rds: 'cruddur-db' })
  expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({ targets: { prod: { rds: 'cruddur-db' } } })
})
