import { connect, Failure, type SessionFilter, type SessionVerb, type Session } from '@pgrig/core'
import type { Tools } from '../command.ts'
import type { FullScreen } from '../full-screen.ts'
import { describeSession, outcomeText } from '../sessions-view.ts'
import { openFeed, type Feed } from './feed.ts'
import { layFrame } from './frame.ts'
import { readKeys } from './keys.ts'
import { type LiveEffect, type LiveEvent, type LiveModel, type LiveView, step } from './model.ts'

export interface WatchOptions {
  filter: SessionFilter & { all?: boolean }
  /** Between two looks. */
  seconds: number
}

/** Shows sessions or locks in place, and takes keys, until q is pressed. Throws `usage` where there is no terminal. */
export async function watch(view: LiveView, { filter, seconds }: WatchOptions, tools: Tools): Promise<undefined> {
  const target = await tools.target()
  const production = await tools.productionSigns(target)
  const { all = false, ...only } = filter
  const model: LiveModel = {
    target: target.description,
    confirmName: production.length > 0 ? target.database : undefined,
    seconds,
    view,
    all: all || only.idleSeconds !== undefined || only.state === 'idle',
    order: 'importance',
    paused: false,
    help: false,
    filter: '',
    prompt: undefined,
    selected: undefined,
    activity: undefined,
    locks: undefined,
    message: undefined,
    lost: undefined,
  }
  const screen = tools.openFullScreen()
  const feed = openFeed(
    {
      database: target.database,
      // Not the target’s own way: that would start the embedded server anew whenever somebody stops it.
      connect: (database = target.database) =>
        connect({ ...target.address, database }, { application: `pgrig ${view}`, signal: tools.signal }),
    },
    only,
  )
  try {
    await new Promise<void>((resolve, reject) => {
      const page = new LivePage(model, feed, screen, {
        leave: resolve,
        fail: reject,
        // An end on production is on record, as any other change of it.
        note: (deed) => tools.noteChange(target, deed),
        role: target.address.user,
      })
      tools.signal.addEventListener('abort', () => page.fail(tools.signal.reason), { once: true })
      page.start()
    })
  } finally {
    feed.close()
    screen.close()
  }
}

interface PageEnds {
  leave(): void
  fail(error: unknown): void
  note(deed: string): Promise<unknown>
  role: string
}

/** Keeps the model, the screen and the server together. */
class LivePage {
  #model: LiveModel
  readonly #feed: Feed
  readonly #screen: FullScreen
  readonly #ends: PageEnds
  #timer: NodeJS.Timeout | undefined
  #reading = false
  #again = false
  #over = false

  constructor(model: LiveModel, feed: Feed, screen: FullScreen, ends: PageEnds) {
    this.#model = model
    this.#feed = feed
    this.#screen = screen
    this.#ends = ends
  }

  start(): void {
    this.#screen.onResize(() => this.#draw())
    this.#screen.onInput((text) => {
      if (text === undefined) return this.#end(() => this.#ends.leave())
      const page = Math.max(this.#screen.size.rows - 10, 1)
      for (const key of readKeys(text)) this.#take({ kind: 'key', key, page })
    })
    this.#draw()
    this.#refresh()
  }

  fail(error: unknown): void {
    this.#end(() => this.#ends.fail(error))
  }

  #draw(): void {
    if (this.#over) return
    try {
      this.#screen.draw(layFrame(this.#model, this.#screen.size, (style, text) => this.#screen.style(style, text)))
    } catch (error) {
      this.fail(error)
    }
  }

  #take(event: LiveEvent): void {
    if (this.#over) return
    const { model, effect } = step(this.#model, event)
    this.#model = model
    if (effect) this.#perform(effect)
    this.#draw()
  }

  #perform(effect: LiveEffect): void {
    switch (effect.kind) {
      case 'quit':
        return this.#end(() => this.#ends.leave())
      case 'interrupt':
        return this.fail(new Failure('interrupted', 'Interrupted.', { state: 'Nothing was left half done.' }))
      case 'refresh':
        return this.#refresh()
      case 'stop':
        void this.#guard(() => this.#stop(effect.verb, effect.session))
    }
  }

  #refresh(): void {
    clearTimeout(this.#timer)
    if (this.#reading) {
      this.#again = true
      return
    }
    this.#reading = true
    void this.#guard(async () => {
      await this.#read()
      this.#reading = false
      if (this.#over) return
      const soon = this.#again
      this.#again = false
      if (soon) return this.#refresh()
      this.#timer = setTimeout(() => this.#tick(), this.#model.seconds * 1000)
    })
  }

  #tick(): void {
    if (!this.#model.paused) return this.#refresh()
    this.#timer = setTimeout(() => this.#tick(), this.#model.seconds * 1000)
  }

  async #read(): Promise<void> {
    try {
      if (this.#model.view === 'locks') this.#take({ kind: 'locks', locks: await this.#feed.readLocks() })
      else this.#take({ kind: 'activity', activity: await this.#feed.readActivity() })
    } catch (error) {
      const { activity, locks } = this.#model
      // At the first look the command fails as any other does.
      if (!(error instanceof Failure) || (activity === undefined && locks === undefined)) throw error
      this.#take({ kind: 'lost', reason: `Trying again; this is from before. ${error.message}` })
    }
  }

  async #stop(verb: SessionVerb, session: Session): Promise<void> {
    const who = describeSession(session)
    try {
      await this.#ends.note(verb === 'end' ? 'ends a session' : 'cancels the statement of a session')
      const ended = await this.#feed.stop(verb, session)
      if (!ended) return
      const tone = ended.outcome === 'done' || ended.outcome === 'sent' || ended.outcome === 'gone' ? 'good' : 'bad'
      this.#take({ kind: 'message', message: { text: `${who}: ${outcomeText(ended, verb, this.#ends.role)}`, tone } })
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      this.#take({ kind: 'message', message: { text: `${who}: ${error.message}`, tone: 'bad' } })
    }
    this.#refresh()
  }

  /** A fault of ours ends the page with it. */
  async #guard(work: () => Promise<void> | void): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.fail(error)
    }
  }

  #end(how: () => void): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#timer)
    how()
  }
}
