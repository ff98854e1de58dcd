/** The shapes of what the API sends and takes, as JSON Schema 2020-12: they check requests, and are the components of the OpenAPI document. */

const uuid = { type: 'string', format: 'uuid' }
const time = { type: 'string', format: 'date-time', description: 'UTC, to the microsecond' }
const count = { type: 'integer', minimum: 0 }
const text = { type: 'string' }
const flag = { type: 'boolean' }

/** The durations that an activity may live, in seconds. */
export const lifetimes = {
  '30-days': 2_592_000,
  '7-days': 604_800,
  '3-days': 259_200,
  '1-day': 86_400,
  '12-hours': 43_200,
  '3-hours': 10_800,
  '1-hour': 3_600,
} as const

export type Lifetime = keyof typeof lifetimes

/** A schema is data for the compiler of schemas and for the document; nobody reads it as a type. */
export type Schema = Record<string, unknown>

function shape(id: string, description: string, properties: Record<string, Schema>, example?: unknown): Schema {
  const examples = example === undefined ? {} : { examples: [example] }
  const required = Object.keys(properties)
  return { $id: id, description, type: 'object', required, additionalProperties: false, properties, ...examples }
}

/** Refers to one of `components`. */
export function ref(id: string): Schema {
  return { $ref: `${id}#` }
}

const nullable = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] })

const exampleActivity = {
  uuid: '0193a7e2-8a4c-7b1e-9c55-3f2d8b7a6c10',
  display_name: 'Andrew Brown',
  handle: 'andrewbrown',
  message: 'Cloud is fun!',
  replies_count: 1,
  reposts_count: 0,
  likes_count: 5,
  reply_to_activity_uuid: null,
  expires_at: '2026-11-27T09:00:00.000000Z',
  created_at: '2026-11-20T09:00:00.000000Z',
  liked: false,
  reposted: false,
  mine: false,
}

const exampleProfile = {
  uuid: '0193a7e2-1111-7b1e-9c55-3f2d8b7a6c10',
  handle: 'andrewbrown',
  display_name: 'Andrew Brown',
  bio: 'I build clouds.',
  cruds_count: 12,
  followers_count: 3,
  following_count: 4,
  following: false,
  blocked: false,
  mine: false,
  created_at: '2026-11-01T09:00:00.000000Z',
}

const activity = shape(
  'Activity',
  'Something that somebody said. It is gone, everywhere, from expires_at on.',
  {
    uuid,
    display_name: text,
    handle: text,
    message: text,
    replies_count: count,
    reposts_count: count,
    likes_count: count,
    reply_to_activity_uuid: { ...uuid, type: ['string', 'null'] },
    expires_at: time,
    created_at: time,
    liked: { ...flag, description: 'by whoever asks' },
    reposted: { ...flag, description: 'by whoever asks' },
    mine: flag,
  },
  exampleActivity,
)

const profile = shape(
  'Profile',
  'A person, as others see them.',
  {
    uuid,
    handle: text,
    display_name: text,
    bio: text,
    cruds_count: { ...count, description: 'activities that have not expired' },
    followers_count: count,
    following_count: count,
    following: { ...flag, description: 'whoever asks follows them' },
    blocked: { ...flag, description: 'whoever asks has blocked them' },
    mine: flag,
    created_at: time,
  },
  exampleProfile,
)

const user = shape('User', 'Whoever is signed in.', {
  uuid,
  handle: text,
  display_name: text,
  bio: text,
  unread_count: count,
  admin: flag,
})

/** Somebody, as a list names them. */
const name = {
  type: 'object',
  required: ['handle', 'display_name'],
  additionalProperties: false,
  properties: { handle: text, display_name: text },
}

const activities = { type: 'array', items: ref('Activity') }

/** Everything that the OpenAPI document names under components. */
export const components: Schema[] = [
  activity,
  profile,
  user,
  shape(
    'ProfileWithActivities',
    'A person, and what they said.',
    { profile: ref('Profile'), activities },
    { profile: exampleProfile, activities: [exampleActivity] },
  ),
  shape(
    'Thread',
    'An activity, what it answers, and what answers it, oldest first.',
    { activity: ref('Activity'), parent: nullable(ref('Activity')), replies: activities },
    { activity: exampleActivity, parent: null, replies: [] },
  ),
  shape(
    'Reactions',
    'What people made of an activity.',
    { uuid, likes_count: count, reposts_count: count, liked: flag, reposted: flag },
    { uuid: exampleActivity.uuid, likes_count: 6, reposts_count: 0, liked: true, reposted: false },
  ),
  shape(
    'Relation',
    'What somebody is to whoever asks.',
    { handle: text, following: flag, blocked: flag, followers_count: count },
    { handle: 'bayko', following: true, blocked: false, followers_count: 4 },
  ),
  shape(
    'Person',
    'Somebody, in short.',
    { uuid, handle: text, display_name: text },
    { uuid: exampleProfile.uuid, handle: 'andrewbrown', display_name: 'Andrew Brown' },
  ),
  shape(
    'Notification',
    'Something that concerns whoever asks.',
    {
      uuid,
      kind: { enum: ['reply', 'mention', 'like', 'repost', 'follow'] },
      actor: name,
      activity: nullable(ref('Activity')),
      created_at: time,
      unread: flag,
    },
    {
      uuid: '0193a7e2-2222-7b1e-9c55-3f2d8b7a6c10',
      kind: 'follow',
      actor: { handle: 'bayko', display_name: 'Andrew Bayko' },
      activity: null,
      created_at: '2026-11-20T09:00:00.000000Z',
      unread: true,
    },
  ),
  shape(
    'Report',
    'What somebody reported, for those who decide.',
    {
      uuid,
      activity_uuid: uuid,
      reason: { enum: ['spam', 'abuse', 'illegal', 'other'] },
      note: text,
      message: { ...text, description: 'a copy: the activity may be gone' },
      author: name,
      reporter: name,
      created_at: time,
    },
    {
      uuid: '0193a7e2-3333-7b1e-9c55-3f2d8b7a6c10',
      activity_uuid: exampleActivity.uuid,
      reason: 'spam',
      note: 'The same link, ten times.',
      message: 'Buy this!',
      author: { handle: 'andrewbrown', display_name: 'Andrew Brown' },
      reporter: { handle: 'bayko', display_name: 'Andrew Bayko' },
      created_at: '2026-11-20T09:00:00.000000Z',
    },
  ),
  shape(
    'Session',
    'Who is signed in. Pending: somebody is, and their account is still being made.',
    { user: nullable(ref('User')), pending: flag },
    { user: null, pending: false },
  ),
  {
    $id: 'Problem',
    description: 'What went wrong (RFC 9457).',
    type: 'object',
    required: ['type', 'title', 'status', 'request_id'],
    properties: {
      type: text,
      title: text,
      status: { type: 'integer' },
      detail: text,
      errors: { type: 'array', items: text, description: 'what is wrong, as words for programs' },
      request_id: { ...text, description: 'also in the header X-Request-Id; the log knows it' },
    },
    examples: [
      {
        type: 'about:blank',
        title: 'Unprocessable Entity',
        status: 422,
        detail: 'The message is empty.',
        errors: ['message_blank'],
        request_id: 'b1c9a0de-3c8e-4f0b-9d0e-0f3f7c1a2b3c',
      },
    ],
  },
]
