import type { Aws, Input, Operation, Output, Service } from '../port.ts'

/** What earlier steps have made, by what it is: the ids that later ones need. */
export interface Made {
  routeTable: string
  subnets: string[]
  securityGroup: string
}

/** One call of a plan. */
export interface Step {
  service: Service
  operation: string
  /** What it does, and what for. */
  text: string
  /** What is sent, where what earlier steps make is known, or named. */
  input(made: Made): object
  /** Does it. Returns what it made, and what is needed to take it back. */
  run(aws: Aws, made: Made): Promise<{ made?: Partial<Made>; undo?: Step }>
}

interface StepOptions<S extends Service, O extends Operation<S>> {
  service: S
  operation: O
  text: string
  input: (made: Made) => Input<S, O>
  /** Takes from the answer what later steps need. */
  made?: (answer: Output<S, O>, made: Made) => Partial<Made>
  undo?: (answer: Output<S, O>) => Step
}

/** Makes a step: the types hold input and answer together. */
export function step<S extends Service, O extends Operation<S>>(options: StepOptions<S, O>): Step {
  const { service, operation, text, input, made: take, undo } = options
  return {
    service,
    operation,
    text,
    // All inputs of AWS are objects.
    input: (made) => input(made) as object,
    async run(aws, made) {
      const answer = await aws.call(service, operation, input(made))
      return { ...(take && { made: take(answer, made) }), ...(undo && { undo: undo(answer) }) }
    },
  }
}
