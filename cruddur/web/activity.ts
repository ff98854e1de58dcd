import { hueOf, sayAgo, sayCount, sayInitials, sayLeft } from './words.ts'

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
}

const counts = [
  { field: 'replies_count', icon: 'reply', one: 'reply', many: 'replies' },
  { field: 'reposts_count', icon: 'repost', one: 'repost', many: 'reposts' },
  { field: 'likes_count', icon: 'like', one: 'like', many: 'likes' },
] as const

const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })
const minute = 60_000

/** An activity in the page: its list item, and how it changes as the time goes by. */
export interface ActivityItem {
  readonly element: HTMLLIElement
  readonly expiresAt: number
  /** Takes over the counts of a newer answer. */
  update(activity: Activity): void
  /** Shows how things stand at this moment, in milliseconds since 1970. */
  tick(now: number): void
}

/** Makes the list item of an activity. Whatever people wrote becomes text nodes and attributes, never markup. */
export function makeItem(activity: Activity): ActivityItem {
  const createdAt = Date.parse(activity.created_at)
  const expiresAt = Date.parse(activity.expires_at)

  const ago = makeTime(activity.created_at, createdAt, 'Written')
  const left = makeTime(activity.expires_at, expiresAt, 'Goes')
  left.className = 'left'
  const numbers = counts.map(() => make('span', {}))
  const labels = counts.map(() => make('span', { class: 'unseen' }))

  const name = make('h2', { id: `by-${activity.uuid}` }, activity.display_name)
  const avatar = make('div', { class: 'avatar', 'aria-hidden': 'true' }, sayInitials(activity.display_name))
  avatar.style.setProperty('--hue', String(hueOf(activity.handle)))

  const countItems = counts.map(({ icon }, index) =>
    make('li', {}, makeIcon(icon), numbers[index] ?? '', labels[index] ?? ''),
  )
  const article = make(
    'article',
    { class: 'activity', 'aria-labelledby': name.id },
    avatar,
    make('header', { class: 'byline' }, name, make('span', {}, `@${activity.handle}`), ago),
    make('p', { class: 'message', dir: 'auto' }, activity.message),
    make('footer', { class: 'foot' }, make('ul', { class: 'counts' }, ...countItems), left),
  )
  const element = make('li', { class: 'card' }, article)

  const item: ActivityItem = {
    element,
    expiresAt,
    update(newer) {
      counts.forEach(({ field, one, many }, index) => {
        const count = newer[field]
        setText(numbers[index], sayCount(count))
        setText(labels[index], ` ${count === 1 ? one : many}`)
      })
    },
    tick(now) {
      const remaining = expiresAt - now
      setText(ago, sayAgo(now - createdAt))
      setText(left, sayLeft(remaining))
      const share = Math.min(1, Math.max(0, remaining / (expiresAt - createdAt)))
      left.style.setProperty('--share', share.toFixed(3))
      if (remaining < 10 * minute) element.dataset['near'] = remaining < minute ? 'last' : 'soon'
      // The bar moves for a second after it is told where to, so it is told where it will be.
      if (remaining < minute)
        element.style.setProperty('--minute', (Math.max(0, remaining - 1_000) / minute).toFixed(3))
      // It fades before its time is over, not after.
      element.classList.toggle('leaving', remaining <= 1_000)
    },
  }
  item.update(activity)
  return item
}

function makeTime(iso: string, moment: number, verb: string): HTMLTimeElement {
  return make('time', { datetime: iso, title: `${verb} ${absolute.format(moment)}` })
}

function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

function makeIcon(name: string): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg'
  const icon = document.createElementNS(space, 'svg')
  icon.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS(space, 'use')
  use.setAttribute('href', `#icon-${name}`)
  icon.append(use)
  return icon
}

/** Touches the page only where it changes, since this runs for each activity each second. */
function setText(element: HTMLElement | undefined, text: string): void {
  if (element !== undefined && element.textContent !== text) element.textContent = text
}
