import { Failure } from '../../errors.ts'
import { marked, readAll } from '../instances.ts'
import type { Aws } from '../port.ts'

/** What RDS offers now of what was asked for. */
export interface Offer {
  /** `17.10`. */
  version: string
  /** `postgres17`: what parameter groups are made for. */
  family: string
  /** What can be sent to CloudWatch. */
  logTypes: string[]
  certificateAuthority: string | null
  multiAz: boolean
  iam: boolean
  insights: boolean
}

const preferredAuthorities = ['rds-ca-rsa2048-g1', 'rds-ca-ecc384-g1', 'rds-ca-rsa4096-g1']

/** @throws `aws_failed` where RDS does not offer the version, or not the class for it; with what it offers. */
export async function findOffer(aws: Aws, version: string | undefined, instanceClass: string): Promise<Offer> {
  const versions = await readAll(
    (Marker) =>
      aws.call('rds', 'DescribeDBEngineVersions', {
        Engine: 'postgres',
        ...(version === undefined ? { DefaultOnly: true } : { EngineVersion: version }),
        ...marked(Marker),
      }),
    (answer) => answer.DBEngineVersions,
  )
  // The newest last, whatever the order of the answer.
  const [chosen] = versions
    .filter(({ Status = 'available' }) => Status === 'available')
    .sort((one, other) => compareVersions(other.EngineVersion ?? '', one.EngineVersion ?? ''))
  if (chosen?.EngineVersion === undefined) throw await describeMissingVersion(aws, version ?? '')

  const options = await readAll(
    (Marker) =>
      aws.call('rds', 'DescribeOrderableDBInstanceOptions', {
        Engine: 'postgres',
        EngineVersion: chosen.EngineVersion,
        Vpc: true,
        ...marked(Marker),
      }),
    (answer) => answer.OrderableDBInstanceOptions,
  )
  const own = options.filter((option) => option.DBInstanceClass === instanceClass && option.StorageType === 'gp3')
  if (own.length === 0) {
    const classes = [
      ...new Set(options.flatMap(({ DBInstanceClass: name = '' }) => (/^db\.[tm]\d+g\./.test(name) ? [name] : []))),
    ]
    throw new Failure(
      'aws_failed',
      `RDS offers no ${instanceClass} for PostgreSQL ${chosen.EngineVersion} in ${aws.region}.`,
      {
        hint: classes.length === 0 ? 'Another --region has more.' : `It offers: ${classes.sort().join(', ')}.`,
      },
    )
  }
  const authorities = chosen.SupportedCACertificateIdentifiers ?? []
  return {
    version: chosen.EngineVersion,
    family: chosen.DBParameterGroupFamily ?? `postgres${chosen.EngineVersion.split('.')[0]}`,
    logTypes: chosen.ExportableLogTypes ?? [],
    certificateAuthority: preferredAuthorities.find((name) => authorities.includes(name)) ?? null,
    multiAz: own.some((option) => option.MultiAZCapable === true),
    iam: own.some((option) => option.SupportsIAMDatabaseAuthentication === true),
    insights: own.some((option) => option.SupportsPerformanceInsights === true),
  }
}

async function describeMissingVersion(aws: Aws, version: string): Promise<Failure> {
  const all = await readAll(
    (Marker) => aws.call('rds', 'DescribeDBEngineVersions', { Engine: 'postgres', ...marked(Marker) }),
    (answer) => answer.DBEngineVersions,
  )
  const names = all.flatMap(({ EngineVersion: name }) => (name === undefined ? [] : [name])).sort(compareVersions)
  return new Failure('aws_failed', `RDS offers no PostgreSQL ${version} in ${aws.region}.`, {
    hint: `It offers: ${names.join(', ')}.`,
  })
}

function compareVersions(one: string, other: string): number {
  const [major = 0, minor = 0] = one.split('.').map(Number)
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number)
  return major - otherMajor || minor - otherMinor
}
