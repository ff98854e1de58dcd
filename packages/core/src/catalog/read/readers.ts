import { readAggregates } from './aggregates.ts'
import { readCasts, readTransforms } from './casts.ts'
import { readCollations, readConversions } from './collations.ts'
import { readColumns } from './columns.ts'
import { readConstraints } from './constraints.ts'
import { readDefaultPrivileges } from './default-privileges.ts'
import { readDomainConstraints, readDomains } from './domains.ts'
import { readEventTriggers } from './event-triggers.ts'
import { readExtensions } from './extensions.ts'
import { readForeignDataWrappers, readServers, readUserMappings } from './foreign.ts'
import { readFunctions } from './functions.ts'
import { readIndexes } from './indexes.ts'
import { readAccessMethods, readLanguages } from './languages.ts'
import { readOperatorClasses, readOperatorFamilies } from './operator-classes.ts'
import { readOperators } from './operators.ts'
import { readPolicies } from './policies.ts'
import { readPublications } from './publications.ts'
import type { ReadObject, Reader, Reading } from './reading.ts'
import { readSchemas } from './schemas.ts'
import { readSequences } from './sequences.ts'
import { readStatistics } from './statistics.ts'
import { readTables } from './tables.ts'
import {
  readTextSearchConfigurations,
  readTextSearchDictionaries,
  readTextSearchParsers,
  readTextSearchTemplates,
} from './text-search.ts'
import { readRules, readTriggers } from './triggers.ts'
import { readBaseTypes, readCompositeTypes, readEnums, readRanges, readShellTypes } from './types.ts'
import { findUncovered } from './uncovered.ts'
import { readViews } from './views.ts'

/** All that reads objects out of the catalog. */
const readers: readonly Reader[] = [
  readSchemas,
  readExtensions,
  readLanguages,
  readAccessMethods,
  readCollations,
  readConversions,
  readBaseTypes,
  readShellTypes,
  readCompositeTypes,
  readEnums,
  readRanges,
  readDomains,
  readDomainConstraints,
  readFunctions,
  readAggregates,
  readOperators,
  readOperatorFamilies,
  readOperatorClasses,
  readCasts,
  readTransforms,
  readTextSearchParsers,
  readTextSearchTemplates,
  readTextSearchDictionaries,
  readTextSearchConfigurations,
  readForeignDataWrappers,
  readServers,
  readUserMappings,
  readSequences,
  readRelations,
  readConstraints,
  readIndexes,
  readStatistics,
  readRules,
  readTriggers,
  readPolicies,
  readPublications,
  readEventTriggers,
  readDefaultPrivileges,
]

export async function readObjects(reading: Reading): Promise<ReadObject[]> {
  const objects: ReadObject[] = []
  for (const read of readers) objects.push(...(await read(reading)))
  await findUncovered(reading)
  return objects
}

/** Tables and views, which share what is read of their columns. */
async function readRelations(reading: Reading): Promise<ReadObject[]> {
  const columns = await readColumns(reading)
  return [...(await readTables(reading, columns)), ...(await readViews(reading, columns))]
}
