/**
 * On-demand prices in US dollars, as far as they are known here: not from AWS, whose price list has to be asked for, but as
 * published by third parties; Multi-AZ costs twice of both.
 */
const prices = {
  asOf: '2026-06-01',
  source: 'https://infratally.com/articles/aws-rds-pricing-explained-2026.html',
  regions: {
    'us-east-1': {
      gp3GibMonth: 0.115,
      hours: { 'db.t4g.micro': 0.016, 'db.t4g.small': 0.032, 'db.t4g.medium': 0.065 },
    },
  } as Record<string, { gp3GibMonth: number; hours: Record<string, number> }>,
} as const

const hoursPerMonth = 730

export interface MonthlyPrice {
  /** US dollars. */
  instance: number
  storage: number
  total: number
  asOf: string
  source: string
}

/** What an instance costs in a month, or undefined where the prices of the region or class are not known. */
export function priceOf(
  region: string,
  instanceClass: string,
  storageGib: number,
  multiAz: boolean,
): MonthlyPrice | undefined {
  const known = prices.regions[region]
  const hour = known?.hours[instanceClass]
  if (known === undefined || hour === undefined) return undefined
  const times = multiAz ? 2 : 1
  const instance = hour * hoursPerMonth * times
  const storage = known.gp3GibMonth * storageGib * times
  return { instance, storage, total: instance + storage, asOf: prices.asOf, source: prices.source }
}
