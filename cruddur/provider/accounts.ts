import { randomInt, randomUUID, timingSafeEqual } from 'node:crypto'
import type { TriggerEvent } from '../trigger/handler.ts'
import { createAttempts } from './attempts.ts'
import { hashPassword, verifyPassword } from './password.ts'
import type { Records } from './records.ts'

export interface Account {
  sub: string
  email: string
  name: string
  /** The handle that was wished for; the one of the row may differ. */
  handle: string
  groups: string[]
  password: string
  confirmed: boolean
  code?: Code
}

type Purpose = 'confirm' | 'reset'

interface Code {
  value: string
  purpose: Purpose
  /** In milliseconds since 1970. */
  expiresAt: number
  wrong: number
}

/** What somebody typed is not right. The message is for them. */
export class AccountProblem extends Error {
  override readonly name = 'AccountProblem'
  /** The field that it is about. */
  readonly field: string | undefined
  constructor(message: string, field?: string) {
    super(message)
    this.field = field
  }
}

export interface SignUp {
  name: string
  email: string
  handle: string
  password: string
}

export interface AccountsOptions {
  records: Records
  /** What Cognito would call: may refuse a sign-up, and makes the row of the person. */
  trigger(event: TriggerEvent): Promise<unknown>
  /** Tells somebody a code. */
  deliver(mail: Mail): void
  now?: () => number
}

export interface Mail {
  email: string
  code: string
  purpose: Purpose
  expiresAt: number
}

export type Accounts = ReturnType<typeof createAccounts>

// As Cognito has them by default.
const lifeMs: Record<Purpose, number> = { confirm: 24 * 3_600_000, reset: 3_600_000 }
const wrongCodes = 5

/** The people who can sign in on this laptop, and all that they can do about it. Throws `AccountProblem`. */
export function createAccounts({ records, trigger, deliver, now = Date.now }: AccountsOptions) {
  const passwordAttempts = createAttempts(now)
  const codeMails = createAttempts(now)
  const queues = new Map<string, Promise<unknown>>()

  const find = (sub: string) => records.read<Account>('accounts', sub)

  async function findByEmail(email: string): Promise<Account | undefined> {
    const sub = await records.read<string>('emails', email)
    return sub === undefined ? undefined : find(sub)
  }

  const keep = (account: Account) => records.write('accounts', account.sub, account)

  /** One change of an account after the other: codes that are tried at once are counted one by one. */
  function change<Result>(sub: string, work: (account: Account) => Promise<Result>): Promise<Result> {
    const before = queues.get(sub) ?? Promise.resolve()
    const after = before.then(async () => {
      const account = await find(sub)
      if (!account) throw new AccountProblem('There is no such account.')
      return work(account)
    })
    const settled = after.catch(() => undefined)
    queues.set(sub, settled)
    void settled.then(() => queues.get(sub) === settled && queues.delete(sub))
    return after
  }

  const tell = (triggerSource: string, { sub, name, handle }: Pick<Account, 'sub' | 'name' | 'handle'>) =>
    trigger({ triggerSource, userName: sub, request: { userAttributes: { sub, name, preferred_username: handle } } })

  async function sendCode(account: Account, purpose: Purpose): Promise<void> {
    const wait = codeMails.begin(account.sub)
    if (wait > 0) throw new AccountProblem(`That were many codes. Wait ${wait} seconds, then ask again.`)
    const code: Code = {
      value: String(randomInt(1_000_000)).padStart(6, '0'),
      purpose,
      expiresAt: now() + lifeMs[purpose],
      wrong: 0,
    }
    await keep({ ...account, code })
    deliver({ email: account.email, code: code.value, purpose, expiresAt: code.expiresAt })
  }

  /** Returns the account without the code, which is good for one time. */
  async function takeCode(account: Account, purpose: Purpose, typed: string): Promise<Account> {
    const { code, ...rest } = account
    if (code?.purpose !== purpose) throw new AccountProblem('This code is no longer good. Ask for a new one.', 'code')
    if (code.expiresAt <= now()) throw new AccountProblem('This code has expired. Ask for a new one.', 'code')
    const given = Buffer.from(typed.replace(/\s/g, ''))
    const wanted = Buffer.from(code.value)
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) return rest
    const wrong = code.wrong + 1
    await keep(wrong < wrongCodes ? { ...rest, code: { ...code, wrong } } : rest)
    throw wrong < wrongCodes
      ? new AccountProblem('That is not the code.', 'code')
      : new AccountProblem('That is not the code, for the fifth time. Ask for a new one.', 'code')
  }

  return {
    find,

    /** Makes an account that has to be confirmed, and sends the code. Returns its sub. */
    async signUp({ name, email, handle, password }: SignUp): Promise<string> {
      if (name === '' || [...name].length > 50) throw new AccountProblem('A name has 1 to 50 characters.', 'name')
      if (!isEmail(email)) throw new AccountProblem('This is not an e-mail address.', 'email')
      if (handle === '') throw new AccountProblem('Choose a handle.', 'handle')
      checkPassword(password)
      const account = { sub: randomUUID(), email, name, handle, groups: [], confirmed: false }
      try {
        await tell('PreSignUp_SignUp', account)
      } catch (error) {
        throw refusal(error, 'handle')
      }
      const hash = await hashPassword(password)
      if (!(await records.create('emails', email, account.sub)) && (await findByEmail(email)))
        throw new AccountProblem('There is an account with this e-mail address. Sign in instead.', 'email')
      // It may be there from a sign-up that was killed before the account was kept.
      await records.write('emails', email, account.sub)
      await sendCode({ ...account, password: hash }, 'confirm')
      return account.sub
    },

    resendCode: (sub: string): Promise<void> =>
      change(sub, async (account) => {
        if (!account.confirmed) await sendCode(account, 'confirm')
      }),

    /** Confirms an account. Throws also where the row could not be made; the account is confirmed all the same. */
    confirm: (sub: string, code: string): Promise<void> =>
      change(sub, async (account) => {
        if (account.confirmed) return
        const confirmed = { ...(await takeCode(account, 'confirm', code)), confirmed: true }
        await keep(confirmed)
        codeMails.succeed(sub)
        try {
          await tell('PostConfirmation_ConfirmSignUp', confirmed)
        } catch (error) {
          throw refusal(error)
        }
      }),

    /** Who has this e-mail address and password. An account that is not confirmed gets a code. */
    async signIn(email: string, password: string): Promise<Account> {
      const wait = passwordAttempts.begin(email)
      if (wait > 0) throw new AccountProblem(`That were many tries. Wait ${wait} seconds, then try again.`)
      const account = await findByEmail(email)
      if (!(await verifyPassword(password, account?.password)) || !account)
        throw new AccountProblem('The e-mail address or the password is wrong.')
      passwordAttempts.succeed(email)
      if (account.confirmed) await tell('PostAuthentication_Authentication', account)
      else if (account.code === undefined || account.code.expiresAt <= now()) await sendCode(account, 'confirm')
      return account
    },

    /** Sends a code to reset the password with, if there is such an account; nobody is told whether. */
    async forgot(email: string): Promise<void> {
      const account = await findByEmail(email)
      if (account?.confirmed !== true) return
      await change(account.sub, (current) => sendCode(current, 'reset')).catch((error: unknown) => {
        if (!(error instanceof AccountProblem)) throw error
      })
    },

    async reset(email: string, code: string, password: string): Promise<void> {
      checkPassword(password)
      const account = await findByEmail(email)
      if (!account) throw new AccountProblem('This code is no longer good. Ask for a new one.', 'code')
      await change(account.sub, async (current) => {
        const rest = await takeCode(current, 'reset', code)
        await keep({ ...rest, password: await hashPassword(password) })
        passwordAttempts.succeed(email)
        codeMails.succeed(current.sub)
        await tell('PostConfirmation_ConfirmForgotPassword', current)
      })
    },

    /** Makes an account that is confirmed already, where there is none. */
    async addConfirmed(account: Omit<Account, 'password' | 'confirmed'>, password: string): Promise<void> {
      if (await find(account.sub)) return
      await keep({ ...account, password: await hashPassword(password), confirmed: true })
      await records.create('emails', account.email, account.sub)
    },

    /** Removes an account, if there is one. */
    async remove(sub: string): Promise<void> {
      const account = await find(sub)
      if (!account) return
      // In this order a process that is killed leaves nothing that cannot be removed once more.
      await records.remove('emails', account.email)
      await records.remove('accounts', sub)
    },

    /** The codes that are still good, as mails. */
    async listMails(): Promise<Mail[]> {
      const accounts = (await records.list('accounts')) as { value: Account }[]
      return accounts
        .flatMap(({ value: { email, code } }) =>
          code && code.expiresAt > now()
            ? [{ email, code: code.value, purpose: code.purpose, expiresAt: code.expiresAt }]
            : [],
        )
        .sort((one, other) => other.expiresAt - one.expiresAt)
    },
  }
}

function checkPassword(password: string): void {
  const { length } = [...password]
  if (length < 8 || length > 256) throw new AccountProblem('A password has 8 to 256 characters.', 'password')
}

function isEmail(text: string): boolean {
  // It is shown in a terminal: no control characters.
  return text.length <= 254 && /^[^\s@<>"\p{C}]+@[^\s@<>"\p{C}]+$/u.test(text)
}

/** The trigger's sentences are for the person; as in Cognito, it sets no full stop. */
function refusal(error: unknown, field?: string): unknown {
  const forPerson = error instanceof Error && (error.name === 'SignUpRefused' || error.name === 'SignUpFailed')
  return forPerson ? new AccountProblem(`${error.message}.`, error.name === 'SignUpRefused' ? field : undefined) : error
}
