import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse, type ScalarTag, type CollectionTag } from 'yaml'
import { findPythonProgram } from '../../tests/support/python.ts'

const file = join(import.meta.dirname, 'template.yaml')

interface Statement {
  Effect: string
  Action: string | string[]
  Resource: unknown
  Condition?: unknown
}

interface Template {
  Parameters: Record<string, { Default?: unknown }>
  Conditions: Record<string, unknown>
  Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>
}

// The short forms of CloudFormation's functions, as what the long ones would be.
const functions = ['Ref', 'GetAtt', 'Sub', 'If', 'And', 'Or', 'Not', 'Equals', 'Condition']
const customTags = functions.flatMap((name): (ScalarTag | CollectionTag)[] => [
  { tag: `!${name}`, resolve: (text: string) => ({ [name]: text }) },
  { tag: `!${name}`, collection: 'seq', resolve: (list) => ({ [name]: (list as { toJSON(): unknown }).toJSON() }) },
])

const template = parse(readFileSync(file, 'utf8'), { customTags }) as Template
const { Function, Permission, Role } = template.Resources

const cfnLint = findPythonProgram('The template is not validated', 'cfn-lint')

test.skipIf(cfnLint === undefined)('CloudFormation takes the template', () => {
  const { stdout, stderr, status } = spawnSync(cfnLint ?? '', ['--include-checks', 'I', '--', file], {
    encoding: 'utf8',
  })
  expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 })
})

test('everything that is referred to is in the template, and every parameter and condition is used', () => {
  const text = readFileSync(file, 'utf8')
  const names = Object.keys({ ...template.Parameters, ...template.Resources })
  const used = [
    ...[...text.matchAll(/!(?:Ref|GetAtt) ([A-Za-z]+)/g)].map(([, name]) => name),
    ...[...text.matchAll(/\$\{([A-Za-z]+)\}/g)].map(([, name]) => name),
  ]
  expect(used.filter((name) => !names.includes(name ?? '') && name !== 'AWS')).toEqual([])
  expect(Object.keys(template.Parameters).filter((name) => !used.includes(name))).toEqual([])
  for (const name of Object.keys(template.Conditions))
    expect(text).toMatch(new RegExp(`(?:!Condition|!If \\[|- )\\s*${name}\\b`))
})

test('the role may do on everything only what Lambda itself needs for the VPC, and the code of the function not even that', () => {
  const statements = statementsOf(Role?.Properties['Policies'])
  const everywhere = statements.filter(({ Resource }) => Resource === '*')
  expect(everywhere.map(({ Effect }) => Effect)).toEqual(['Allow', 'Deny'])
  expect(everywhere[0]?.Action).toEqual(everywhere[1]?.Action)
  expect([everywhere[0]?.Action].flat().filter((action) => !action?.startsWith('ec2:'))).toEqual([])
  expect(JSON.stringify(everywhere[1]?.Condition)).toContain('lambda:SourceFunctionArn')
  const others = statements.filter(({ Resource }) => Resource !== '*')
  expect(others.flatMap(({ Action }) => Action).sort()).toEqual([
    'kms:Decrypt',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'rds-db:connect',
    'secretsmanager:GetSecretValue',
  ])
  expect(JSON.stringify(statements)).not.toMatch(/\*"?\]?,?"Action|[a-z-]+:\*/)
})

test('only Cognito may call the function, and only for the one pool', () => {
  expect(Permission?.Properties).toMatchObject({
    Principal: 'cognito-idp.amazonaws.com',
    Action: 'lambda:InvokeFunction',
    SourceArn: { Ref: 'UserPoolArn' },
    SourceAccount: { Ref: 'AWS::AccountId' },
  })
})

test('what the template tells the function is what the function reads, and what Lambda calls is in the archive', () => {
  const { Environment, Handler, Timeout } = (Function?.Properties ?? {}) as {
    Environment: { Variables: Record<string, unknown> }
    Handler: string
    Timeout: number
  }
  const settings = readFileSync(join(import.meta.dirname, 'settings.ts'), 'utf8')
  for (const name of Object.keys(Environment.Variables)) expect(settings).toContain(`variables['${name}']`)
  expect(readFileSync(join(import.meta.dirname, 'index.ts'), 'utf8')).toContain('export async function handler(')
  expect(readFileSync(join(import.meta.dirname, 'build.mjs'), 'utf8')).toContain("'index.cjs'")
  expect(Handler).toBe('index.handler')
  expect(Timeout).toBe(5)
})

/** All statements of a role's policies, with those behind conditions. */
function statementsOf(value: unknown): Statement[] {
  if (Array.isArray(value)) return value.flatMap(statementsOf)
  if (typeof value !== 'object' || value === null) return []
  if ('Effect' in value) return [value as Statement]
  return Object.values(value).flatMap(statementsOf)
}
