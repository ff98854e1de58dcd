import { explain } from '../../../packages/core/src/aws/failure.ts'
import type { Aws, Clock, Input, Operation, Output, Service } from '../../../packages/core/src/aws/port.ts'
import { ec2Handlers } from './ec2.ts'
import { ec2GroupHandlers } from './ec2-groups.ts'
import { fault } from './faults.ts'
import { instanceHandlers } from './rds-instances.ts'
import { groupHandlers } from './rds-groups.ts'
import { offerHandlers } from './rds-offers.ts'
import { secretHandlers } from './secrets.ts'
import { emptyAccount, type State } from './state.ts'

/** One operation: what AWS does with its state. */
type Handler<S extends Service, O extends Operation<S>> = (
  input: Input<S, O>,
  state: State,
) => Omit<Output<S, O>, '$metadata'>

/** The operations of a service that a part of the fake knows. */
export type Handlers<S extends Service> = { [O in Operation<S>]?: Handler<S, O> }

type AnyHandler = (input: unknown, state: State) => object

interface Call {
  service: string
  operation: string
  /** `rds:CreateDBInstance` */
  action: string
  input: unknown
}

export interface FakeAws {
  readonly aws: Aws
  readonly clock: Clock
  readonly state: State
  /** Every call so far, also those that failed. */
  readonly calls: Call[]
  /** Denies actions from now on: `rds:CreateDBInstance`. */
  deny(...actions: string[]): void
  allow(...actions: string[]): void
  /** The next calls of an action fail so. */
  failNext(action: string, error: Error, times?: number): void
  /** Called before each call: to change the state in the middle of something, or to abort. */
  beforeCall(listener: (call: Call) => void): void
  /** Lets time go by. */
  advance(milliseconds: number): void
}

/** AWS without a network: state, time and faults, for tests. It knows the operations that pgrig calls, and throws for others. */
export function fakeAws({ region = 'eu-central-1' }: { region?: string } = {}): FakeAws {
  const state = emptyAccount(region)
  const handlers: Record<Service, Record<string, unknown>> = {
    rds: { ...instanceHandlers, ...groupHandlers, ...offerHandlers },
    ec2: { ...ec2Handlers, ...ec2GroupHandlers },
    secretsmanager: { ...secretHandlers },
    sts: {
      GetCallerIdentity: (_input: unknown, { account }: State) => ({
        Account: account,
        Arn: `arn:aws:iam::${account}:user/ann`,
        UserId: 'AIDAEXAMPLE',
      }),
    },
  }
  const denied = new Set<string>()
  const failures = new Map<string, { error: Error; times: number }>()
  const calls: Call[] = []
  let listener: (call: Call) => void = () => {}

  const advance = (milliseconds: number) => {
    state.now += milliseconds
    settle(state)
  }
  const aws: Aws = {
    region,
    authToken: async ({ host, port, user }) => `${host}:${port}/?Action=connect&DBUser=${user}&X-Amz-Date=${state.now}`,
    async call(service, operation, input) {
      const action = `${service}:${operation}`
      const call: Call = { service, operation, action, input: structuredClone(input) }
      calls.push(call)
      listener(call)
      settle(state)
      try {
        if (denied.has(action)) throw denial(action, state)
        const failure = failures.get(action)
        if (failure && failure.times-- > 0) throw failure.error
        const handler = handlers[service][operation] as AnyHandler | undefined
        if (!handler) throw new Error(`The fake of AWS does not know ${action}`)
        return structuredClone({ ...handler(structuredClone(input), state), $metadata: {} }) as never
      } catch (error) {
        throw explain(error, { service, operation, region })
      }
    },
  }
  return {
    aws,
    state,
    calls,
    clock: {
      now: () => state.now,
      async sleep(milliseconds, signal) {
        signal?.throwIfAborted()
        advance(milliseconds)
        await Promise.resolve()
        signal?.throwIfAborted()
      },
    },
    deny: (...actions) => actions.forEach((action) => denied.add(action)),
    allow: (...actions) => actions.forEach((action) => denied.delete(action)),
    failNext: (action, error, times = 1) => void failures.set(action, { error, times }),
    beforeCall: (given) => (listener = given),
    advance,
  }
}

/** Does what is due, each at its own time. */
function settle(state: State): void {
  const { now } = state
  for (const instance of state.instances.values()) {
    instance.steps.sort((a, b) => a.at - b.at)
    for (;;) {
      const [step] = instance.steps
      if (!step || step.at > now) break
      instance.steps.shift()
      state.now = step.at
      step.apply(instance, state)
      instance.steps.sort((a, b) => a.at - b.at)
    }
  }
  state.now = now
}

/** EC2 has a word of its own for it. */
function denial(action: string, { account }: State): Error {
  const message = `User: arn:aws:iam::${account}:user/ann is not authorized to perform: ${action}`
  return action.startsWith('ec2:')
    ? fault('UnauthorizedOperation', message, 403)
    : fault(action.startsWith('rds:') ? 'AccessDenied' : 'AccessDeniedException', message, 403)
}
