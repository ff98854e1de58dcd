import type { Span } from './keyword-pairs.ts'
import { readConnection } from './url.ts'

/**
 * A text with `***` for the passwords of the connection URLs and `password=…` pairs in it. A postgresql:// URL that cannot be
 * read shows nothing but its scheme. All else stays as it is, so that any line of output can go through it.
 */
export function redactSecrets(text: string): string {
  if (!/:\/|pas+w/i.test(text)) return text
  const body = text.trim()
  const reading = readConnection(body)
  if (!('fault' in reading)) return text.replace(body, () => hideSpans(body, reading.secrets))
  return text
    .replace(connectionUrl, (url) => redactLeadingUrl(url))
    .replace(/\b([a-z][a-z0-9+.-]{0,30}:\/\/[^\s/?#:@]*):[^\s/]*@/gi, '$1:***@')
    .replace(/([?&](?:ssl)?pas+w\w*=)[^\s&]*/gi, '$1***')
    .replace(/(?<![?&])\b((?:pg|ssl)?pas+w\w*=)(?:'(?:[^'\\]|\\[^])*(?:'|$)|"[^"]*(?:"|$))?\S*/gi, '$1***')
}

const connectionUrl = /\bpostgres(?:ql)?:\/+(?:(?!postgres(?:ql)?:\/).)*/gi

/** Redacts the URL at the beginning of a text. A raw password may hold spaces, so it may go on up to the last @ of the line. */
function redactLeadingUrl(text: string): string {
  const [found = ''] = /^(?:.*@)?\S*/.exec(text) ?? []
  const url = found.replace(/[.,;:!)\]}>'"`]+$/, '')
  const reading = readConnection(url)
  if (!('fault' in reading)) return hideSpans(url, reading.secrets) + text.slice(url.length)
  const [scheme = ''] = /^[^/]*\/+/.exec(text) ?? []
  return `${scheme}***${/pas+w|pwd/i.test(text) ? '' : text.slice(found.length)}`
}

function hideSpans(text: string, spans: readonly Span[]): string {
  let hidden = text
  for (const { from, to } of spans.toSorted((a, b) => b.from - a.from))
    hidden = `${hidden.slice(0, from)}***${hidden.slice(to)}`
  return hidden
}
