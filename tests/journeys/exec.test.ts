import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { makeProject } from '../support/program.ts'

test('a program that exec runs finds the database in its environment, by its URL as by the variables of libpq', async () => {
  const project = await makeProject()
  const script = `
    const pg = require(${JSON.stringify(fileURLToPath(import.meta.resolve('pg')))})
    const ask = async (config) => {
      const client = new pg.Client(config)
      await client.connect()
      const { rows } = await client.query('select current_database() as database, current_user as role')
      await client.end()
      return rows[0].database + ' as ' + rows[0].role
    }
    Promise.all([ask(process.env.DATABASE_URL), ask({})]).then((answers) => {
      console.log(answers.join(', '))
      process.exitCode = 7
    })`
  await project.write('ask.cjs', script)
  await project.pgrig(['create'])
  const { code, stdout, stderr } = await project.pgrig(['exec', '--', process.execPath, 'ask.cjs'], {
    cwd: project.folder,
  })
  const name = stdout.split(' ')[0]
  expect({ code, stdout }).toEqual({ code: 7, stdout: `${name} as postgres, ${name} as postgres\n` })
  expect(stderr).toMatch(/^→ local · /)
})

test('a program that is not there, or that was not named, is a sentence', async () => {
  const project = await makeProject()
  await project.pgrig(['create'])
  expect(await project.pgrig(['exec'])).toMatchObject({ code: 64, stderr: expect.stringContaining('stands after --') })
  expect(await project.pgrig(['exec', '--', 'no-such-program'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no program no-such-program.'),
  })
})
