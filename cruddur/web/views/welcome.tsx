import { Heading } from '../parts/heading.tsx'
import { Join } from '../parts/join.tsx'
import { Notice } from '../parts/notice.tsx'
import { session } from '../session.ts'
import { useSource } from '../source.ts'

/** Where one comes from signing up. */
export function Welcome() {
  const now = useSource(session)
  if (now?.pending === true) {
    return (
      <>
        <Heading title="Welcome to Cruddur" />
        <Notice title="One moment">
          <p>This page goes on by itself as soon as your account is there.</p>
        </Notice>
      </>
    )
  }
  if (now?.user == null) {
    return (
      <>
        <Heading title="Welcome to Cruddur" />
        <Join />
      </>
    )
  }
  return (
    <>
      <Heading title={`Welcome, ${now.user.display_name}`} />
      <div class="card prose" role="status">
        <p>
          You are <a href={`/@${now.user.handle}`}>@{now.user.handle}</a>. Whatever you say here goes at the time that
          you choose: after an hour, or after thirty days at most.
        </p>
        <ul>
          <li>
            <a href="/">Say something</a>, and let it go.
          </li>
          <li>
            <a href="/settings">Say who you are</a> in a sentence.
          </li>
          <li>
            <a href="/search">Find people</a> to follow.
          </li>
        </ul>
      </div>
    </>
  )
}
