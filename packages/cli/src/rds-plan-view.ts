interface PlanValue {
  calls: { service: string; operation: string; text: string; input: object }[]
  protects: readonly { field: string; protects: string; checks: readonly string[] }[]
  monthlyPrice: { instance: number; storage: number; total: number; asOf: string; source: string } | null
  warnings: readonly string[]
}

/** The plan of an instance for people: what is made and why; with `calls` each call as it is sent. */
export function showCreationPlan(plan: PlanValue, line: (text: string) => void, { calls }: { calls: boolean }): void {
  for (const [index, { service, operation, text, input }] of plan.calls.entries()) {
    line(`${String(index + 1).padStart(2)}. ${text}`)
    if (!calls) continue
    line(`    ${service} ${operation}`)
    for (const row of JSON.stringify(input, undefined, 2).split('\n')) line(`    ${row}`)
  }
  const { DBInstanceClass, EngineVersion, AllocatedStorage } = lastInput(plan)
  if (EngineVersion !== undefined)
    line(
      `PostgreSQL ${String(EngineVersion)} on ${String(DBInstanceClass)}, ${String(AllocatedStorage)} GiB. What is said, and why:`,
    )
  const widest = Math.max(0, ...plan.protects.map(({ field }) => field.length))
  for (const { field, protects, checks } of plan.protects) {
    line(
      `  ${field.padEnd(widest)}  ${valueText(lastInput(plan)[field])}: ${protects}${calls ? ` (${checks.join(', ')})` : ''}`,
    )
  }
  line(priceText(plan.monthlyPrice))
  for (const warning of plan.warnings) line(`Note: ${warning}`)
}

function lastInput({ calls }: PlanValue): Record<string, unknown> {
  return { ...calls.at(-1)?.input }
}

function valueText(value: unknown): string {
  if (!Array.isArray(value)) return String(value)
  return value
    .map((one: unknown) => (typeof one === 'object' && one !== null ? Object.values(one).join('=') : String(one)))
    .join(', ')
}

function priceText(price: PlanValue['monthlyPrice']): string {
  if (price === null) return 'Its price is not known here: https://calculator.aws has it.'
  const dollars = (amount: number) => `$${amount.toFixed(2)}`
  return `About ${dollars(price.total)} a month (instance ${dollars(price.instance)}, storage ${dollars(price.storage)}; prices of ${price.asOf}, not from AWS: ${price.source}), besides backups beyond its size, traffic and logs.`
}
