import type { Environment } from './environment.ts'
import { readDotenv } from './dotenv.ts'

/** The variables of the environment, or those of the project's `.env`. */
export interface VariableLayer {
  name: 'environment' | '.env'
  /** Without the empty ones. */
  values: Record<string, string | undefined>
  /** Names that are set to nothing. */
  empty: string[]
}

/** The variables that count for a project, the strongest first. One that is empty counts as not set. */
export function layerVariables(environment: Environment, projectFolder: string): VariableLayer[] {
  return [makeLayer('environment', environment.variables), makeLayer('.env', readDotenv(projectFolder))]
}

/** The environment with what `.env` adds to it. */
export function mergeLayers(environment: Environment, layers: readonly VariableLayer[]): Environment {
  const variables: Environment['variables'] = {}
  for (const { values } of layers.toReversed()) Object.assign(variables, values)
  return { ...environment, variables }
}

function makeLayer(name: VariableLayer['name'], variables: Environment['variables']): VariableLayer {
  const set = Object.entries(variables).filter(([, value]) => value !== undefined)
  const isEmpty = ([, value]: [string, string | undefined]) => value?.trim() === ''
  return {
    name,
    values: Object.fromEntries(set.filter((entry) => !isEmpty(entry))),
    empty: set.filter(isEmpty).map(([variable]) => variable),
  }
}
