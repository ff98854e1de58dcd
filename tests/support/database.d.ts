import type { ClientConfig } from 'pg'
import { type Address, type Cluster } from '../../packages/core/src/index.ts'
export interface TestDatabase extends Cluster {
  address: Address
  /** Over the socket, where no password is asked. */
  clientConfig: ClientConfig
  /** Over TCP, with the password, as a server elsewhere would be reached. */
  url: string
}
/** Creates a database for this test file on the shared server; it goes when the file is done. */
export declare function testDatabase(): Promise<TestDatabase>
/** A name for a database that is not there; whatever the test makes of it goes when the file is done. */
export declare function absentDatabase(): Promise<TestDatabase>
/** Runs a statement as superuser, outside any test's database. */
export declare function administer(statement: string): Promise<void>
