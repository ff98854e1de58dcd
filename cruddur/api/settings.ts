import { Failure } from '@pgrig/core'

/** How often somebody may do something in five minutes. 0 is no limit. */
export interface Limits {
  /** Reads of an address that nobody is signed in at. */
  read: number
  /** Reads of somebody signed in. */
  readSignedIn: number
  /** Likes, follows, deletions and the like, of one person. */
  write: number
  /** New activities, replies and reports, of one person. */
  post: number
  /** Sign-ins, sign-ups and requests with a wrong token, of one address. */
  signIn: number
}

/** What whoever runs Cruddur may decide, by environment variables. */
export interface Settings {
  /** Where people find it, as `https://cruddur.example`; undefined where the Host header is to be believed. */
  publicUrl: URL | undefined
  /** Which proxies in front are believed what X-Forwarded-For says: their addresses, or how many there are. */
  trustProxy: false | string | ((address: string, hop: number) => boolean)
  /** What a reader of /metrics has to send as Bearer token; undefined leaves it to private addresses. */
  metricsToken: string | undefined
  limits: Limits
  /** Requests worked on at once by a process; one more is told to come back. */
  maxInFlight: number
  /** Open streams of events of a process. */
  maxEventClients: number
  /** Seconds that running requests get when the process is to stop. */
  stopSeconds: number
}

type Variables = Readonly<Record<string, string | undefined>>

/** Reads the settings from environment variables. Throws a Failure that names the variable. */
export function readSettings(variables: Variables): Settings {
  const number = (name: string, preset: number, least = 0) => readNumber(variables, name, preset, least)
  return {
    publicUrl: readPublicUrl(variables['PUBLIC_URL']),
    trustProxy: readTrustProxy(variables['TRUST_PROXY']),
    metricsToken: variables['METRICS_TOKEN'] || undefined,
    limits: {
      read: number('RATE_LIMIT_READS', 300),
      readSignedIn: number('RATE_LIMIT_READS_SIGNED_IN', 900),
      write: number('RATE_LIMIT_WRITES', 150),
      post: number('RATE_LIMIT_POSTS', 30),
      signIn: number('RATE_LIMIT_SIGN_INS', 30),
    },
    maxInFlight: number('MAX_IN_FLIGHT', 128, 1),
    maxEventClients: number('MAX_EVENT_CLIENTS', 1000),
    stopSeconds: number('STOP_SECONDS', 10),
  }
}

function readNumber(variables: Variables, name: string, preset: number, least: number): number {
  const text = variables[name] ?? ''
  if (text === '') return preset
  const value = /^\d{1,9}$/.test(text) ? Number(text) : -1
  if (value < least) {
    throw new Failure('config_invalid', `${name} is a whole number of at least ${least}, not "${text}".`)
  }
  return value
}

function readPublicUrl(text = ''): URL | undefined {
  if (text === '') return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search + url.hash !== '') {
    throw new Failure('config_invalid', `PUBLIC_URL is an address like https://cruddur.example, not "${text}".`)
  }
  return url
}

/** "1" is one proxy in front, as a load balancer of AWS is; otherwise addresses and networks with commas between. */
function readTrustProxy(text = ''): Settings['trustProxy'] {
  if (text === '' || text === '0') return false
  if (/^\d$/.test(text)) return (_address, hop) => hop < Number(text)
  if (!/^[\da-f.:/]+(\s*,\s*[\da-f.:/]+)*$/i.test(text)) {
    throw new Failure('config_invalid', `TRUST_PROXY is a number of proxies or their addresses, not "${text}".`)
  }
  return text
}
