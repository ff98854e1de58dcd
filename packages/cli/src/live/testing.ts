import type { Activity, LockNode, Session } from '@pgrig/core'
import type { LiveModel } from './model.ts'

/** A session for tests of what is shown. */
export function sampleSession(more: Partial<Session> = {}): Session {
  return {
    pid: 4711,
    kind: 'client backend',
    user: 'app',
    database: 'cruddur',
    client: '10.0.0.1',
    clientPort: 50_000,
    application: 'rails',
    state: 'active',
    startedAt: '2026-11-24T10:00:00.000000Z',
    transactionSeconds: 75,
    stateSeconds: 75,
    waiting: null,
    waitSeconds: null,
    blockedBy: [],
    query: 'select 1',
    own: false,
    superuser: false,
    hidden: false,
    ...more,
  }
}

export function sampleActivity(sessions: Session[], more: Partial<Activity> = {}): Activity {
  return { sessions, preparedTransactions: [], replicationSlots: [], hidden: null, idleLeftOut: 0, ...more }
}

export function sampleLock(session: Session, more: Partial<LockNode> = {}): LockNode {
  return {
    pid: session.pid,
    session,
    prepared: null,
    waitsFor: null,
    blockedBy: [],
    blocker: null,
    blocks: [],
    alsoBlocks: [],
    circular: false,
    ...more,
  }
}

export function sampleModel(more: Partial<LiveModel> = {}): LiveModel {
  return {
    target: 'local · cruddur on the embedded server',
    confirmName: undefined,
    seconds: 2,
    view: 'sessions',
    all: true,
    order: 'importance',
    paused: false,
    help: false,
    filter: '',
    prompt: undefined,
    selected: undefined,
    activity: undefined,
    locks: undefined,
    message: undefined,
    lost: undefined,
    ...more,
  }
}
