import type * as ec2 from '@aws-sdk/client-ec2'
import type * as rds from '@aws-sdk/client-rds'
import type * as secretsmanager from '@aws-sdk/client-secrets-manager'
import type * as sts from '@aws-sdk/client-sts'

interface Modules {
  rds: typeof rds
  ec2: typeof ec2
  secretsmanager: typeof secretsmanager
  sts: typeof sts
}

/** A service of AWS, by the name that IAM gives it. */
export type Service = keyof Modules

type Commands<S extends Service> = {
  [Key in keyof Modules[S] as Key extends `${infer Name}Command` ? Name : never]: Modules[S][Key]
}

/** An operation, by the name that AWS gives it: `DescribeDBInstances`. */
export type Operation<S extends Service> = keyof Commands<S> & string

/** What an operation is given, as in AWS's API reference. */
export type Input<S extends Service, O extends Operation<S>> = Commands<S>[O] extends new (
  ...given: infer Given extends readonly unknown[]
) => unknown
  ? Exclude<Given[0], undefined>
  : never

/** What it answers. */
export type Output<S extends Service, O extends Operation<S>> = Commands<S>[O] extends new (...input: never[]) => {
  resolveMiddleware: (...given: never[]) => (...given: never[]) => Promise<{ output: infer Answer }>
}
  ? Answer
  : never

/** What a token to log in to a database is for. */
interface TokenRequest {
  /** The endpoint as RDS gives it: a token for another name of it is refused. */
  host: string
  port: number
  user: string
}

/** A way to call AWS: the SDK's, and in tests one without a network. */
export interface Aws {
  readonly region: string
  /**
   * Calls one operation. Throws a `Failure`: `aws_denied` names the action that is missing, `aws_not_found` and the others what
   * AWS said.
   */
  call<S extends Service, O extends Operation<S>>(service: S, operation: O, input: Input<S, O>): Promise<Output<S, O>>
  /** Signs a token that logs in as a member of `rds_iam`, for 15 minutes. Asks nobody. */
  authToken(request: TokenRequest): Promise<string>
}

/** Time, so that a test need not wait. Milliseconds. */
export interface Clock {
  now(): number
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}
