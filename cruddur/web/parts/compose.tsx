import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Activity } from '../answers.ts'
import { changeDraft, type Draft, emptyDraft, keepDraft, loadDraft } from '../draft.ts'
import { request, sayRefusal } from '../request.ts'
import { say } from '../say.ts'
import { countCharacters, sayCharactersLeft } from '../text.ts'
import { Icon } from './icon.tsx'

interface Props {
  /** What is answered; none for a new post. */
  replyTo?: Activity
  posted(activity: Activity): void
}

const lives = [
  ['30-days', '30 days'],
  ['7-days', '7 days'],
  ['3-days', '3 days'],
  ['1-day', '1 day'],
  ['12-hours', '12 hours'],
  ['3-hours', '3 hours'],
  ['1-hour', '1 hour'],
] as const

/** Where one writes a post, or a reply. What was begun is kept until it is sent. */
export function Compose({ replyTo, posted }: Props) {
  const place = replyTo?.uuid ?? ''
  const id = replyTo === undefined ? 'compose' : 'reply'
  const most = replyTo === undefined ? 280 : 1024
  const [draft, setDraft] = useState(() => loadDraft(place))
  const [problem, setProblem] = useState('')
  const [sending, setSending] = useState(false)
  const latch = useRef(false)
  const field = useRef<HTMLTextAreaElement>(null)

  const left = most - countCharacters(draft.message)
  useLayoutEffect(() => grow(field.current), [draft.message])

  const change = (next: Draft) => {
    setDraft(next)
    keepDraft(place, next)
    setProblem('')
  }
  const refuse = (sentence: string) => {
    setProblem(sentence)
    field.current?.focus()
  }
  const send = async () => {
    // The second click of a double click comes before anything is drawn.
    if (latch.current) return
    if (left === most) return refuse(replyTo ? 'Write a reply first.' : 'Write something first.')
    if (left < 0) return refuse(`That is ${sayCharactersLeft(left)}.`)
    latch.current = true
    setSending(true)
    const { message, ttl, key } = draft
    const [address, body] = replyTo
      ? [`/api/activities/${replyTo.uuid}/reply`, { message }]
      : ['/api/activities', { message, ttl }]
    const answer = await request<Activity>('POST', address, body, { 'idempotency-key': key })
    latch.current = false
    setSending(false)
    if (answer.ok) {
      change({ ...emptyDraft(), ttl })
      posted(answer.data)
      say(replyTo ? 'Your reply is there.' : 'Your post is there.')
      field.current?.focus()
      return
    }
    // The key names what was sent under it; the same words need a new one then.
    if (answer.codes.includes('idempotency_key_reused')) change({ ...emptyDraft(), message, ttl })
    refuse(sayRefusal(answer))
  }

  return (
    <form
      class="card compose"
      aria-label={replyTo ? 'Reply' : 'New post'}
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <label class="unseen" for={id}>
        {replyTo ? `Your reply to ${replyTo.display_name}` : 'What do you want to say?'}
      </label>
      <textarea
        id={id}
        ref={field}
        rows={2}
        dir="auto"
        placeholder={replyTo ? 'Write a reply' : 'Say it, and let it go.'}
        value={draft.message}
        aria-describedby={`${id}-hint ${id}-problem`}
        aria-invalid={problem !== '' || left < 0}
        onInput={(event) => change(changeDraft(draft, { message: event.currentTarget.value }))}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          void send()
        }}
      />
      <p id={`${id}-hint`} class="unseen">
        At most {most} characters.
      </p>
      <p id={`${id}-problem`} class="problem" role="alert">
        {problem}
      </p>
      <div class="compose-foot">
        {replyTo ? (
          <p class="hint">It goes with the post that it answers.</p>
        ) : (
          <label class="ttl">
            <span>Goes after</span>
            <select
              value={draft.ttl}
              onChange={(event) => change(changeDraft(draft, { ttl: event.currentTarget.value }))}
            >
              {lives.map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          </label>
        )}
        <span class="counter" data-state={left < 0 ? 'over' : left <= 20 ? 'near' : 'far'} aria-hidden="true">
          {left}
        </span>
        <span class="unseen" aria-live="polite">
          {sayCharactersLeft(left)}
        </span>
        <button type="submit" class="button" aria-disabled={sending}>
          <Icon name={replyTo ? 'reply' : 'pen'} />
          {sending ? 'Sending …' : replyTo ? 'Reply' : 'Crud'}
        </button>
      </div>
    </form>
  )
}

/** Makes a field as high as what is in it, where the browser does not do it by itself (field-sizing). */
function grow(field: HTMLTextAreaElement | null): void {
  if (field === null || CSS.supports('field-sizing', 'content')) return
  field.style.setProperty('height', 'auto')
  field.style.setProperty('height', `${field.scrollHeight + 2}px`)
}
