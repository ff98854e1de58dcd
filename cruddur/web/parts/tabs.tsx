interface Props {
  label: string
  tabs: readonly { href: string; text: string; here: boolean }[]
}

/** Links between views that belong together. */
export function Tabs({ label, tabs }: Props) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ href, text, here }) => (
        <a key={href} href={href} aria-current={here ? 'page' : undefined}>
          {text}
        </a>
      ))}
    </nav>
  )
}

export function FeedTabs({ here }: { here: 'home' | 'following' }) {
  return (
    <Tabs
      label="Feeds"
      tabs={[
        { href: '/', text: 'Everybody', here: here === 'home' },
        { href: '/following', text: 'Following', here: here === 'following' },
      ]}
    />
  )
}
