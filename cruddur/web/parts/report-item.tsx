import { useState } from 'preact/hooks'
import type { Report } from '../answers.ts'
import { request, sayRefusal } from '../request.ts'
import { say } from '../say.ts'
import { Message } from './message.tsx'
import { Ago } from './times.tsx'

const reasons: Record<string, string> = {
  spam: 'Advertising or spam',
  abuse: 'An attack or a threat',
  illegal: 'Against the law',
  other: 'Something else',
}

/** A report, with what the post said, and what one can decide. */
export function ReportItem({ report, decided }: { report: Report; decided(): void }) {
  const { uuid, reason, note, message, reporter, author, created_at } = report
  const [working, setWorking] = useState(false)
  const decide = async (decision: 'keep' | 'remove') => {
    if (working) return
    setWorking(true)
    const answer = await request('POST', `/api/admin/reports/${uuid}/decision`, { decision })
    setWorking(false)
    // Somebody else may have decided it.
    if (!answer.ok && answer.status !== 404) return say(sayRefusal(answer), 'problem')
    say(!answer.ok ? 'It was decided already.' : decision === 'keep' ? 'The post stays.' : 'The post is removed.')
    document.getElementById('heading')?.focus({ preventScroll: true })
    decided()
  }
  return (
    <li class="card">
      <article class="report" aria-labelledby={`report-${uuid}`} tabIndex={-1}>
        <h2 id={`report-${uuid}`}>{reasons[reason] ?? reason}</h2>
        <p class="hint">
          Written by <a href={`/@${author.handle}`}>@{author.handle}</a>, reported by @{reporter.handle}{' '}
          <Ago at={created_at} verb="Reported" />
        </p>
        <Message text={message} />
        {note !== '' && <p class="excerpt">{note}</p>}
        <div class="buttons">
          <button type="button" class="button quiet" aria-disabled={working} onClick={() => void decide('keep')}>
            Keep the post
          </button>
          <button type="button" class="button danger" aria-disabled={working} onClick={() => void decide('remove')}>
            Remove the post
          </button>
        </div>
      </article>
    </li>
  )
}
