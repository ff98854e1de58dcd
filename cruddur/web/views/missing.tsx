import { Heading } from '../parts/heading.tsx'
import { Notice } from '../parts/notice.tsx'

/** An address at which there is nothing. */
export function Missing() {
  return (
    <>
      <Heading title="There is nothing here" />
      <Notice title="Perhaps there was, once">
        <p>Things go here, that is the idea.</p>
        <p>
          <a href="/">To the feed</a>
        </p>
      </Notice>
    </>
  )
}
