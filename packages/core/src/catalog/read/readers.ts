import { readColumns } from './columns.ts'
import { readConstraints } from './constraints.ts'
import { readIndexes } from './indexes.ts'
import { readPolicies } from './policies.ts'
import type { ReadObject, Reader, Reading } from './reading.ts'
import { readSchemas } from './schemas.ts'
import { readSequences } from './sequences.ts'
import { readStatistics } from './statistics.ts'
import { readTables } from './tables.ts'
import { readRules, readTriggers } from './triggers.ts'
import { readViews } from './views.ts'

/** All that reads objects out of the catalog. */
const readers: readonly Reader[] = [
  readSchemas,
  readSequences,
  readRelations,
  readConstraints,
  readIndexes,
  readStatistics,
  readRules,
  readTriggers,
  readPolicies,
]

export async function readObjects(reading: Reading): Promise<ReadObject[]> {
  const objects: ReadObject[] = []
  for (const read of readers) objects.push(...(await read(reading)))
  return objects
}

/** Tables and views, which share what is read of their columns. */
async function readRelations(reading: Reading): Promise<ReadObject[]> {
  const columns = await readColumns(reading)
  return [...(await readTables(reading, columns)), ...(await readViews(reading, columns))]
}
