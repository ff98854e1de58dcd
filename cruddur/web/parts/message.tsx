import { splitMessage } from '../text.ts'

/** What somebody wrote, as text; people and web addresses in it can be followed. */
export function Message({ text }: { text: string }) {
  return (
    <p class="message" dir="auto">
      {splitMessage(text).map(({ text, href }) => {
        if (href === undefined) return text
        if (href.startsWith('/')) return <a href={href}>{text}</a>
        return (
          <a href={href} rel="nofollow noopener noreferrer ugc" target="_blank">
            {text}
          </a>
        )
      })}
    </p>
  )
}
