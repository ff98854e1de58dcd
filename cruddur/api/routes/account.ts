import type { FastifyRequest } from 'fastify'
import { writerOf } from '../access.ts'
import { sendJson } from '../answer.ts'
import { empty, json, problems } from '../openapi.ts'
import { accountPending, Problem } from '../problem.ts'
import { ref } from '../schemas.ts'
import type { Routes } from './api.ts'

interface NewProfile {
  Body: { display_name: string; bio: string }
}

interface Farewell {
  Body: { handle: string }
}

const signInKept = {
  type: 'object',
  required: ['sign_in_kept', 'detail'],
  properties: { sign_in_kept: { type: 'boolean' }, detail: { type: 'string', description: 'for the person' } },
}

/** Who is signed in, and what they may do with what is kept of them. */
export const addAccount: Routes = (app, { store, accounts }) => {
  const tags = ['account']

  app.get(
    '/api/session',
    {
      config: { access: 'optional', limit: 'read' },
      schema: {
        operationId: 'readSession',
        summary: 'Who is signed in',
        tags,
        response: { 200: json(ref('Session'), 'Whoever it is') },
      },
    },
    async (request, reply) => {
      const { identity } = request
      const found = identity && (await store.readSession(identity.sub))
      const user = found === undefined ? null : { ...JSON.parse(found), admin: identity?.groups.includes('admins') }
      const session = { user, pending: identity !== undefined && user === null }
      return sendJson(request, reply, JSON.stringify(session))
    },
  )

  app.post<NewProfile>(
    '/api/profile/update',
    {
      config: { access: 'user', limit: 'write' },
      schema: {
        operationId: 'updateProfile',
        summary: 'Change how others see you',
        tags,
        body: {
          type: 'object',
          required: ['display_name', 'bio'],
          additionalProperties: false,
          properties: {
            display_name: { type: 'string', minLength: 1, maxLength: 50 },
            bio: { type: 'string', maxLength: 160 },
          },
          examples: [{ display_name: 'Andrew Brown', bio: 'I build clouds.' }],
        },
        response: { 200: json(ref('Profile'), 'Your profile now') },
      },
    },
    async (request, reply) => {
      const { display_name: displayName, bio } = request.body
      const profile = await store.updateProfile(writerOf(request), { displayName, bio })
      if (profile === undefined) throw accountPending()
      return sendJson(request, reply, profile)
    },
  )

  app.get(
    '/api/me/export',
    {
      config: { access: 'user', limit: 'write' },
      schema: {
        operationId: 'exportAccount',
        summary: 'All that is kept of you',
        tags,
        response: {
          200: json({ type: 'object', additionalProperties: true }, 'A file', {
            'content-disposition': { type: 'string' },
          }),
          ...problems(409),
        },
      },
    },
    async (request, reply) => {
      const account = await store.exportAccount(writerOf(request))
      if (account === undefined) throw accountPending()
      return sendJson(request, reply.header('content-disposition', 'attachment; filename="cruddur.json"'), account)
    },
  )

  app.delete<Farewell>(
    '/api/me',
    {
      config: { access: 'user', limit: 'write' },
      schema: {
        operationId: 'deleteAccount',
        summary: 'Delete all that is kept of you, for ever',
        tags,
        body: {
          type: 'object',
          required: ['handle'],
          additionalProperties: false,
          properties: { handle: { type: 'string', minLength: 1, maxLength: 32, description: 'yours, as a consent' } },
          examples: [{ handle: 'andrewbrown' }],
        },
        response: {
          200: json(signInKept, 'You are forgotten here; the account at the provider of sign-ins is still there'),
          204: empty('You are forgotten'),
        },
      },
    },
    async (request, reply) => {
      const deleteAtProvider = await accounts?.prepareDeletion(request)
      const status = await store.deleteAccount(writerOf(request), request.body.handle)
      if (status === 'no_user') throw accountPending()
      if (status === 'wrong_handle') throw new Problem(422, 'This is not your handle.', 'handle_invalid')
      void reply.header('clear-site-data', '"cookies", "storage"')
      if (await succeeds(deleteAtProvider, request)) return reply.code(204).send()
      const detail =
        'All that Cruddur kept of you is deleted. The account that you sign in with is still there: the provider did not delete it. Sign in again a little later, and delete your account once more.'
      return sendJson(request, reply, JSON.stringify({ sign_in_kept: true, detail }))
    },
  )
}

/** The rows are gone whatever the provider says; an operator can find in the log whose account is left. */
async function succeeds(
  deleteAtProvider: (() => Promise<void>) | undefined,
  request: FastifyRequest,
): Promise<boolean> {
  try {
    await deleteAtProvider?.()
    return true
  } catch (error) {
    request.log.error({ err: error, sub: writerOf(request) }, 'The account at the provider of sign-ins is still there')
    return false
  }
}
