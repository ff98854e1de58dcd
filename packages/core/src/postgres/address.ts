/** How the connection is encrypted: libpq's sslmode, with what it needs. */
export interface Tls {
  mode: 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'
  /** PEM texts of the authorities to trust; none: those of the system. */
  authorities?: string[]
  /** PEM texts of a client certificate and its key. */
  certificate?: string
  key?: string
}

/** All that is needed to open a connection to one database. Made by `config/` or by the embedded server. */
export interface Address {
  /** A host name, an IP address, or the absolute path of a folder that holds a Unix socket. */
  host: string
  port: number
  user: string
  password?: string
  /**
   * Where the password is not known but asked for, for each connection: a token of IAM, a secret that is rotated. `fresh`: what was
   * given before was refused.
   */
  findPassword?: (fresh: boolean) => Promise<string>
  database: string
  tls: Tls
  connectTimeoutSeconds: number
  /** Command-line options for the session (`-c name=value`), as PGOPTIONS. */
  options?: string
}

/** Whether the host is the path of a socket folder. */
export function isSocket(host: string): boolean {
  return host.startsWith('/')
}
