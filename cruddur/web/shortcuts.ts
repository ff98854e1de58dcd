import { dialog } from './dialogs.ts'
import { go } from './router.ts'
import { say } from './say.ts'
import { session } from './session.ts'
import { makeSource } from './source.ts'

const setting = 'shortcuts off'

/** Whether single letters do something; who dictates or types with a switch turns it off (WCAG 2.1.4). */
export const shortcutsOn = makeSource(readSetting())

/** The letters, and what the help says of them. */
export const shortcuts = [
  ['j', 'Next post'],
  ['k', 'Previous post'],
  ['Enter', 'Open the post'],
  ['l', 'Like the post'],
  ['r', 'Reply to the post'],
  ['n', 'New post'],
  ['/', 'Search'],
  ['?', 'This help'],
] as const

/** Turns the letters on or off, and says so. */
export function switchShortcuts(): void {
  const on = !shortcutsOn.get()
  try {
    if (on) localStorage.removeItem(setting)
    else localStorage.setItem(setting, 'yes')
  } catch {
    // Then it holds until the page is left.
  }
  shortcutsOn.set(on)
  say(on ? 'Keyboard shortcuts are on.' : 'Keyboard shortcuts are off.')
}

export function startShortcuts(): void {
  document.addEventListener('keydown', (event) => {
    if (!shortcutsOn.get() || event.defaultPrevented || event.isComposing || dialog.get() !== undefined) return
    if (event.metaKey || event.ctrlKey || event.altKey) return
    if (event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]')) return
    if (act(event.key)) event.preventDefault()
  })
}

function act(key: string): boolean {
  const article = document.activeElement?.closest('article')
  switch (key) {
    case 'j':
    case 'k':
      return step(key === 'j' ? 1 : -1)
    case 'Enter':
      // On a link or button of it Enter is theirs.
      if (document.activeElement !== article) return false
      return press(article, 'a.permalink')
    case 'l':
      return press(article, 'button.like')
    case 'r':
      return press(article, 'a.reply')
    case 'n':
      return compose()
    case '/':
      return toSearch()
    case '?':
      dialog.set({ kind: 'help' })
      return true
    default:
      return false
  }
}

function step(direction: 1 | -1): boolean {
  const articles = [...document.querySelectorAll<HTMLElement>('main article')]
  const at = articles.findIndex((article) => article.contains(document.activeElement))
  const next = articles[at === -1 ? (direction === 1 ? 0 : -1) : at + direction]
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
  return next !== undefined
}

function press(article: Element | null | undefined, selector: string): boolean {
  const target = article?.querySelector<HTMLElement>(selector)
  target?.click()
  return target != null
}

function compose(): boolean {
  if (session.get()?.user == null) dialog.set({ kind: 'sign-in', to: 'write a post' })
  else if (!focusOn('#compose')) {
    go('/')
    // The page is drawn first.
    setTimeout(() => focusOn('#compose'))
  }
  return true
}

function toSearch(): boolean {
  if (!focusVisible('input[type=search]')) {
    go('/search')
    setTimeout(() => focusVisible('input[type=search]'))
  }
  return true
}

function focusOn(selector: string): boolean {
  const target = document.querySelector<HTMLElement>(selector)
  target?.focus()
  return target !== null
}

function focusVisible(selector: string): boolean {
  const target = [...document.querySelectorAll<HTMLElement>(selector)].find((each) => each.offsetParent !== null)
  target?.focus()
  return target !== undefined
}

function readSetting(): boolean {
  try {
    return localStorage.getItem(setting) === null
  } catch {
    return true
  }
}
