import { expect, test } from 'vitest'
import { fakeAws } from '../../../../tests/support/fake-aws/fake-aws.ts'
import { fault } from '../../../../tests/support/fake-aws/faults.ts'
import { Failure } from '../errors.ts'

async function messageOf(given: Error) {
  const { aws, failNext } = fakeAws()
  failNext('rds:DescribeDBInstances', given)
  const failure: unknown = await aws.call('rds', 'DescribeDBInstances', {}).catch((thrown: unknown) => thrown)
  if (!(failure instanceof Failure)) throw failure
  return failure
}

test('the error of the journal says which credentials are meant, and where to look', async () => {
  const error = fault('InvalidClientTokenId', 'The security token included in the request is invalid.', 403)
  const { code, message, hint } = await messageOf(error)
  expect({ code, message }).toEqual({
    code: 'aws_credentials',
    message: 'AWS does not know the credentials (InvalidClientTokenId; eu-central-1).',
  })
  expect(hint).toContain('AWS_SESSION_TOKEN')
})

test('a session that is over says how to sign in again', async () => {
  const { code, hint } = await messageOf(
    fault('ExpiredToken', 'The security token included in the request is expired', 403),
  )
  expect(code).toBe('aws_credentials')
  expect(hint).toContain('aws sso login')
})

test('a denial names the action that is missing, and whose credentials they are', async () => {
  const { aws, deny } = fakeAws()
  deny('ec2:DescribeVpcs')
  await expect(aws.call('ec2', 'DescribeVpcs', {})).rejects.toMatchObject({
    code: 'aws_denied',
    exitCode: 1,
    message:
      'AWS does not allow ec2:DescribeVpcs (eu-central-1). The credentials are those of arn:aws:iam::123456789012:user/ann.',
  })
})

test.each([
  ['ThrottlingException', 'aws_throttled'],
  ['DBInstanceNotFoundFault', 'aws_not_found'],
  ['DBInstanceAlreadyExistsFault', 'aws_exists'],
  ['InvalidPermission.Duplicate', 'aws_exists'],
  ['InvalidDBInstanceState', 'aws_state'],
  ['InvalidDBInstanceStateFault', 'aws_state'],
  ['InstanceQuotaExceededFault', 'aws_quota'],
  ['InvalidParameterCombination', 'aws_failed'],
])('%s is %s', async (name, code) => {
  expect(await messageOf(fault(name, 'It is so'))).toMatchObject({ code })
})

test('a network that is not there is no bug of ours', async () => {
  const error = Object.assign(new Error('getaddrinfo ENOTFOUND rds.eu-central-1.amazonaws.com'), { code: 'ENOTFOUND' })
  expect(await messageOf(error)).toMatchObject({ code: 'aws_unreachable', exitCode: 2 })
})
