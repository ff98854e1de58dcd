import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import type { FastifyPluginAsync } from 'fastify'
import type { Pool } from '../api/database.ts'
import { folder } from '../api/folder.ts'
import { keepSecret, makeOwnFolder, type SignInEnvironment } from '../api/sign-in/environment.ts'
import { createSignIn, type SignIn } from '../api/sign-in/sign-in.ts'
import type { LocalProvider } from '../provider/local-provider.ts'
import { createHandler } from '../trigger/handler.ts'

export interface OpenSignInOptions {
  environment: SignInEnvironment
  /** Where browsers find it. */
  publicUrl: URL
  host: string
  productionSigns: readonly string[]
  pool: Pool
  say(line: string): void
}

/** The sign-in, and where it is a laptop's what belongs to that. */
export interface OpenedSignIn extends SignIn {
  /** Keys the hashes of addresses: the same in all processes. */
  hashSecret: string
  /** The pages of the provider within this process. */
  localRoutes: FastifyPluginAsync | undefined
}

const ownFolder = join(folder, '.cruddur')

/** Opens the sign-in with Amazon Cognito, or with the provider of a laptop where no Cognito is set. */
export async function openSignIn(options: OpenSignInOptions): Promise<OpenedSignIn> {
  const { environment, publicUrl, pool } = options
  const secrets = environment.secrets.length > 0 ? environment.secrets : [await keepSecret(ownFolder)]
  const [first = ''] = secrets
  const local = environment.cognito ? undefined : await openLocal(options)
  const provider = environment.cognito ?? local?.settings
  if (!provider) throw new Error('There is nowhere to sign in')
  return {
    ...createSignIn({
      settings: { publicUrl, secrets, provider },
      pool,
      ...(local && { deleteLocal: local.deletePerson }),
    }),
    hashSecret: createHmac('sha256', first).update('cruddur addresses').digest('base64url'),
    localRoutes: local?.routes,
  }
}

async function openLocal({ publicUrl, host, productionSigns, pool, say }: OpenSignInOptions): Promise<LocalProvider> {
  // Loaded only here: in production it need not even be installed.
  const { developmentPassword, openLocalProvider } = await import('../provider/local-provider.ts')
  // Where the secret is given there is no folder yet, and the provider keeps its keys in it.
  await makeOwnFolder(ownFolder)
  const mailbox = new URL('/oidc/mailbox', publicUrl).href
  const local = await openLocalProvider({
    folder: ownFolder,
    publicUrl,
    host,
    productionSigns,
    trigger: createHandler({ query: (text, values) => pool.query({ text, values }) }),
    deliver: ({ email, code, purpose }) =>
      say(
        `The code for ${email} to ${purpose === 'confirm' ? 'confirm the account' : 'reset the password'} is ${code}.`,
      ),
  })
  const { rows } = await pool.query({
    text: `select handle, display_name, cognito_user_id from public.users where cognito_user_id like 'mock-%' order by created_at, uuid`,
  })
  for (const [index, { handle, display_name: name, cognito_user_id: sub }] of rows.entries()) {
    const groups = index === 0 ? ['admins'] : []
    await local.addPerson({ sub: String(sub), handle: String(handle), name: String(name), groups })
  }
  say(`Signing up and in is local, without AWS. Codes are shown here and at ${mailbox}`)
  const [person] = rows
  if (person) say(`Sign in at once as ${String(person['handle'])}@example.com with the password ${developmentPassword}`)
  return local
}
