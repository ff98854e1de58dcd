import { useState } from 'preact/hooks'
import type { Report } from '../answers.ts'
import type { Reading } from '../list.ts'
import { Failed } from '../parts/failed.tsx'
import { Ghosts } from '../parts/ghosts.tsx'
import { Heading } from '../parts/heading.tsx'
import { More } from '../parts/more.tsx'
import { Notice } from '../parts/notice.tsx'
import { ReportItem } from '../parts/report-item.tsx'
import { session } from '../session.ts'
import { useSource } from '../source.ts'
import { useList } from '../use-list.ts'
import { Missing } from './missing.tsx'

const reportList: Reading<Report, undefined> = {
  keyOf: ({ uuid }) => uuid,
  itemsOf: (data) => data as Report[],
}

/** What was reported, for those who look after the place. To anybody else there is no such view. */
export function Moderation() {
  const now = useSource(session)
  if (now === undefined) return <Heading title="Reports" />
  return now.user?.admin === true ? <Reports /> : <Missing />
}

function Reports() {
  const list = useList('/api/admin/reports', reportList)
  const { items, state, refusal, next } = useSource(list.state)
  const [decided, setDecided] = useState<ReadonlySet<string>>(new Set())
  const open = items.filter(({ uuid }) => !decided.has(uuid))
  return (
    <>
      <Heading title="Reports" />
      {state === 'failed' && <Failed what="the reports" refusal={refusal} retry={list.reload} />}
      {state === 'ready' && open.length === 0 && next === undefined && (
        <Notice title="Nothing to decide">
          <p>What people report appears here.</p>
        </Notice>
      )}
      {state !== 'failed' && (
        <>
          <ul class="feed" role="list" aria-label="Reports" aria-busy={state === 'loading'}>
            {state === 'loading' && <Ghosts />}
            {open.map((report) => (
              <ReportItem
                key={report.uuid}
                report={report}
                decided={() => setDecided((before) => new Set([...before, report.uuid]))}
              />
            ))}
          </ul>
          <More list={list} what="the reports" />
        </>
      )}
    </>
  )
}
