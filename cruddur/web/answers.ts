/** One activity as the API tells it. Times are ISO 8601 in UTC. */
export interface Activity {
  uuid: string
  display_name: string
  handle: string
  message: string
  replies_count: number
  reposts_count: number
  likes_count: number
  reply_to_activity_uuid: string | null
  expires_at: string
  created_at: string
  /** Whether who looks has liked it. */
  liked: boolean
  reposted: boolean
  mine: boolean
}

/** A person, as their page shows them. */
export interface Profile {
  uuid: string
  handle: string
  display_name: string
  bio: string
  cruds_count: number
  followers_count: number
  following_count: number
  following: boolean
  blocked: boolean
  mine: boolean
  created_at: string
}

/** Who is signed in. */
export interface User {
  uuid: string
  handle: string
  display_name: string
  bio: string
  admin: boolean
  unread_count: number
}

/** `pending`: signed in, but the account is still being made. */
export interface Session {
  user: User | null
  pending: boolean
}

export interface Notification {
  uuid: string
  kind: 'reply' | 'mention' | 'like' | 'repost' | 'follow'
  actor: { handle: string; display_name: string }
  activity: Activity | null
  created_at: string
  unread: boolean
}

/** What somebody reported; the message is kept until it is decided. */
export interface Report {
  uuid: string
  reason: string
  note: string
  message: string
  reporter: { handle: string; display_name: string }
  author: { handle: string; display_name: string }
  created_at: string
}
