import { Failure } from '../../errors.ts'
import { readRdsInstance, type RdsInstance } from '../instances.ts'
import type { Aws, Clock } from '../port.ts'
import { watchInstance } from '../watch.ts'
import type { CreationPlan } from './plan.ts'
import type { Step } from './steps.ts'

export interface ApplyOptions {
  clock: Clock
  signal?: AbortSignal
  progress?: (line: string) => void
}

/**
 * Makes what a plan says, up to the call that makes the instance; does not wait for it. What this run has made is taken back when
 * one call fails, so that a run afterwards begins from nothing.
 */
export async function applyCreation(aws: Aws, plan: CreationPlan, { signal, progress }: ApplyOptions): Promise<void> {
  let { named: made } = plan
  const undos: Step[] = []
  for (const [index, step] of plan.steps.entries()) {
    try {
      signal?.throwIfAborted()
      progress?.(`${index + 1}/${plan.steps.length} ${step.text}`)
      const { made: more, undo } = await step.run(aws, made)
      made = { ...made, ...more }
      if (undo) undos.push(undo)
    } catch (error) {
      const left = await takeBack(aws, undos, made, progress)
      const state =
        left.length === 0
          ? 'Nothing is left of what was begun. Run the command again when this is mended.'
          : `This could not be taken back, and costs nothing: ${left.join(', ')}. Run the command again when this is mended.`
      throw error instanceof Failure ? error.with({ state }) : error
    }
  }
}

/** Waits until an instance can be used. Stopping to wait leaves it in the making. */
export async function waitForCreation(aws: Aws, name: string, options: ApplyOptions): Promise<RdsInstance> {
  try {
    await watchInstance(aws, name, (instance) => instance?.status === 'available' && instance.host !== null, options)
  } catch (error) {
    if (!options.signal?.aborted) throw error
    throw new Failure('interrupted', 'Stopped watching.', {
      cause: error,
      state: `${name} is being made, and goes on being made. See how far it is: pgrig rds status ${name}; or type the same command again.`,
    })
  }
  return readRdsInstance(aws, name)
}

/** The newest first; returns what would not go. */
async function takeBack(
  aws: Aws,
  undos: Step[],
  made: CreationPlan['named'],
  progress?: (line: string) => void,
): Promise<string[]> {
  const left: string[] = []
  for (const undo of undos.reverse()) {
    progress?.(`Taking back ${undo.text}`)
    try {
      await undo.run(aws, made)
    } catch {
      left.push(undo.text)
    }
  }
  return left.reverse()
}
