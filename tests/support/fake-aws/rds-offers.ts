import type { Handlers } from './fake-aws.ts'

/** As RDS offered them in late 2026, a small selection. */
const versions = [
  ['14.22', '14'],
  ['14.23', '14'],
  ['15.18', '15'],
  ['16.14', '16'],
  ['17.9', '17'],
  ['17.10', '17'],
  ['18.3', '18'],
  ['18.4', '18'],
] as const
const newest = '18.4'

const classes = ['db.t4g.micro', 'db.t4g.small', 'db.t4g.medium', 'db.m7g.large', 'db.r7g.large', 'db.t3.micro']

/** AWS answers with pages of at most 100; the fake with fewer, so that nobody forgets the second one. */
const pageSize = 3

export const offerHandlers: Handlers<'rds'> = {
  DescribeDBEngineVersions({ Engine, EngineVersion, DefaultOnly, Marker }) {
    const fitting = versions.filter(
      ([version, major]) =>
        (Engine ?? 'postgres') === 'postgres' &&
        (EngineVersion === undefined || EngineVersion === version || EngineVersion === major) &&
        (!DefaultOnly || version === newest),
    )
    const { page, next } = paged(fitting, Marker)
    return {
      DBEngineVersions: page.map(([version, major]) => ({
        Engine: 'postgres',
        EngineVersion: version,
        MajorEngineVersion: major,
        DBParameterGroupFamily: `postgres${major}`,
        Status: 'available',
        ExportableLogTypes: ['postgresql', 'upgrade', 'iam-db-auth-error'],
        SupportedCACertificateIdentifiers: ['rds-ca-rsa2048-g1', 'rds-ca-rsa4096-g1', 'rds-ca-ecc384-g1'],
        SupportsCertificateRotationWithoutRestart: true,
      })),
      ...(next !== undefined && { Marker: next }),
    }
  },

  DescribeOrderableDBInstanceOptions({ Engine, EngineVersion, DBInstanceClass, Marker }) {
    const known = versions.some(([version]) => version === EngineVersion)
    const fitting = classes.filter(
      (name) => Engine === 'postgres' && known && (DBInstanceClass === undefined || DBInstanceClass === name),
    )
    const { page, next } = paged(fitting, Marker)
    return {
      OrderableDBInstanceOptions: page.map((name) => ({
        Engine: 'postgres',
        ...(EngineVersion !== undefined && { EngineVersion }),
        DBInstanceClass: name,
        StorageType: 'gp3',
        MultiAZCapable: true,
        SupportsStorageEncryption: true,
        SupportsIAMDatabaseAuthentication: true,
        SupportsPerformanceInsights: true,
        SupportsEnhancedMonitoring: true,
        MinStorageSize: 20,
        MaxStorageSize: 65_536,
        SupportedNetworkTypes: ['IPV4', 'DUAL'],
        Vpc: true,
      })),
      ...(next !== undefined && { Marker: next }),
    }
  },
}

/** One page of a list, and the marker of the next. */
export function paged<Item>(items: readonly Item[], marker: string | undefined): { page: Item[]; next?: string } {
  const start = marker === undefined ? 0 : Number(marker)
  const page = items.slice(start, start + pageSize)
  return start + pageSize < items.length ? { page, next: String(start + pageSize) } : { page }
}
