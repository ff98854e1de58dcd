import { place } from '../router.ts'
import { session, signInAddress, signUpAddress } from '../session.ts'
import { useSource } from '../source.ts'
import { sayCount } from '../words.ts'
import { Avatar } from './avatar.tsx'
import { Icon, type IconName } from './icon.tsx'

/** The way to everywhere: a column on a wide screen, a bar at the bottom of a narrow one. */
export function Nav() {
  const user = useSource(session)?.user
  const { route } = useSource(place)
  const mine = user != null && route.name === 'profile' && route.handle.toLowerCase() === user.handle.toLowerCase()
  return (
    <header class="masthead">
      <a class="brand" href="/" aria-label="Cruddur, home">
        <img src="/favicon.svg" alt="" width="36" height="36" />
        <span>Cruddur</span>
      </a>
      <nav aria-label="Main">
        <ul role="list">
          <Item href="/" icon="home" text="Home" here={route.name === 'home' || route.name === 'following'} />
          <Item href="/search" icon="search" text="Search" here={route.name === 'search'} />
          {user && (
            <>
              <Item
                href="/notifications"
                icon="bell"
                text="Notifications"
                short="Alerts"
                here={route.name === 'notifications'}
              >
                {user.unread_count > 0 && (
                  <span class="badge">
                    <span class="unseen">, </span>
                    {sayCount(user.unread_count)}
                    <span class="unseen"> unread</span>
                  </span>
                )}
              </Item>
              <Item href={`/@${user.handle}`} icon="person" text="Profile" here={mine} />
              <Item href="/settings" icon="settings" text="Settings" here={route.name === 'settings'} />
              {user.admin && (
                <Item href="/moderation" icon="shield" text="Reports" here={route.name === 'moderation'} />
              )}
            </>
          )}
        </ul>
      </nav>
      {user && (
        <a class="me" href={`/@${user.handle}`} aria-hidden="true" tabIndex={-1}>
          <Avatar name={user.display_name} handle={user.handle} />
          <span>
            <strong>{user.display_name}</strong>
            <span>@{user.handle}</span>
          </span>
        </a>
      )}
      {user === null && (
        <div class="enter">
          <a class="button quiet" href={signInAddress()}>
            Sign in
          </a>
          <a class="button" href={signUpAddress}>
            Join
          </a>
        </div>
      )}
    </header>
  )
}

interface ItemProps {
  href: string
  icon: IconName
  text: string
  /** The text where there is little room. */
  short?: string
  here: boolean
  children?: preact.ComponentChildren
}

function Item({ href, icon, text, short = text, here, children }: ItemProps) {
  return (
    <li>
      <a href={href} aria-current={here ? 'page' : undefined}>
        <span class="nav-icon">
          <Icon name={icon} />
        </span>
        <span class="nav-text">{short}</span>
        <span class="nav-text-wide">{text}</span>
        {children}
      </a>
    </li>
  )
}
