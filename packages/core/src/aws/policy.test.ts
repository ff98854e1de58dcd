import { expect, test } from 'vitest'
import { leastPolicy } from './policy.ts'

test('what AWS can limit to an instance is limited, the rest is not mixed with it', () => {
  const actions = ['rds:StartDBInstance', 'rds:DescribeDBInstances', 'ec2:DescribeVpcs', 'rds:StartDBInstance']
  expect(leastPolicy(actions, { region: 'eu-central-1', name: 'cruddur-db' })).toEqual({
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Pgrig1', Effect: 'Allow', Action: ['ec2:DescribeVpcs', 'rds:DescribeDBInstances'], Resource: '*' },
      {
        Sid: 'Pgrig2',
        Effect: 'Allow',
        Action: ['rds:StartDBInstance'],
        Resource: ['arn:aws:rds:eu-central-1:*:db:cruddur-db'],
      },
    ],
  })
})
