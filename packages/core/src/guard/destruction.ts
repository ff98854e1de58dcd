import { readAlterTable } from './alterations.ts'
import { skipBlanks } from './blanks.ts'
import { takesEveryRow } from './conditions.ts'
import { type Deed, type NamedObject, offsetOf, tableOf } from './deed.ts'
import { dropOf, readDrop } from './drops.ts'
import { harmOf } from './functions.ts'
import type { ParsedStatement, Parser } from './parser.ts'
import { isPlainInsert } from './plain-insert.ts'
import { readMove, readRelation, readRename } from './renames.ts'
import { readBlock, readRoutine } from './routine-body.ts'
import { readSearchPath, readSetting } from './search-path.ts'
import { type Fields, readName, visit } from './tree.ts'

/**
 * Reads what a text of one or more statements does that matters for what is lost, in order. Nothing is run, and no server is
 * asked: names are those that are written. What the parser cannot read is `unknown`.
 *
 * A MERGE counts as DELETE or UPDATE of every row when its ON holds for all of them, or when it deletes or changes what is not
 * matched by the source, and no condition of the action says which. Bodies of routines, rules and views, and defaults, are only
 * stored; triggers and rules that a statement sets off are not looked at.
 */
export function readDeeds(parser: Parser, text: string): Deed[] {
  if (isPlainInsert(text)) return []
  try {
    const statements = parser.parse(text)
    return statements.flatMap(({ node, from }) => {
      const start = skipBlanks(text, from)
      return readStatement({ node, from: start }, parser, text)
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return [
      { kind: 'unknown', why: `cannot be read by the parser of PostgreSQL 18: ${reason}`, offset: skipBlanks(text, 0) },
    ]
  }
}

/** These change nothing that is stored, or only add to it; what they hold is not run. */
const harmless = new Set(
  `AlterCollationStmt AlterDatabaseRefreshCollStmt AlterDatabaseSetStmt AlterDatabaseStmt AlterDefaultPrivilegesStmt
  AlterEnumStmt AlterEventTrigStmt AlterExtensionContentsStmt AlterFdwStmt AlterForeignServerStmt AlterFunctionStmt
  AlterObjectDependsStmt AlterOpFamilyStmt AlterOperatorStmt AlterOwnerStmt AlterPolicyStmt AlterPublicationStmt
  AlterRoleSetStmt AlterRoleStmt AlterSeqStmt AlterStatsStmt AlterSubscriptionStmt AlterSystemStmt AlterTSConfigurationStmt
  AlterTSDictionaryStmt AlterTableMoveAllStmt AlterTableSpaceOptionsStmt AlterTypeStmt AlterUserMappingStmt CheckPointStmt
  ClosePortalStmt ClusterStmt CompositeTypeStmt ConstraintsSetStmt CreateAmStmt CreateCastStmt
  CreateConversionStmt CreateDomainStmt CreateEnumStmt CreateEventTrigStmt CreateExtensionStmt CreateFdwStmt
  CreateForeignServerStmt CreateOpClassStmt CreateOpFamilyStmt CreatePLangStmt CreatePolicyStmt CreatePublicationStmt
  CreateRangeStmt CreateRoleStmt CreateStatsStmt CreateSubscriptionStmt CreateTableSpaceStmt CreateTransformStmt
  CreateTrigStmt CreateUserMappingStmt CreatedbStmt DeallocateStmt DefineStmt DropRoleStmt DropUserMappingStmt FetchStmt
  GrantRoleStmt GrantStmt ImportForeignSchemaStmt ListenStmt LockStmt NotifyStmt ReassignOwnedStmt RefreshMatViewStmt
  ReindexStmt ReplicaIdentityStmt RuleStmt SecLabelStmt UnlistenStmt VacuumStmt VariableShowStmt`.split(/\s+/),
)

/** What is in these is run, now or by what is prepared. */
const queries = new Set([
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'DeclareCursorStmt',
  'CreateTableAsStmt',
  'IndexStmt',
  'AlterDomainStmt',
  'ExecuteStmt',
  'ReturnStmt',
])

/** Reads one statement; `from` is where its first word is. */
export function readStatement({ node, from }: ParsedStatement, parser: Parser, text: string): Deed[] {
  const [type = '', fields = {}] = Object.entries(node as unknown as Record<string, Fields>)[0] ?? []
  if (harmless.has(type)) return []
  if (queries.has(type)) return readQuery(node, from)
  const unknown = (why: string): Deed[] => [{ kind: 'unknown', why, offset: from }]
  switch (type) {
    case 'DropStmt':
      return readDrop(fields, from)
    case 'DropdbStmt':
      return [dropOf({ kind: 'database', name: String(fields['dbname']) }, false, from)]
    case 'DropOwnedStmt':
      return readDropOwned(fields, from)
    case 'DropTableSpaceStmt':
      return [dropOf({ kind: 'other', name: String(fields['tablespacename']) }, false, from, 'tablespace')]
    case 'DropSubscriptionStmt':
      return [dropOf({ kind: 'other', name: String(fields['subname']) }, false, from, 'subscription')]
    case 'TruncateStmt':
      return readTruncate(fields)
    case 'AlterTableStmt':
      return [...readAlterTable(fields), ...readQuery(fields['cmds'], from)]
    case 'RenameStmt':
      return readRename(fields, from)
    case 'AlterObjectSchemaStmt':
      return readMove(fields, from)
    case 'CreateStmt':
    case 'CreateForeignTableStmt':
      return readCreate((fields['base'] as Fields | undefined) ?? fields, from)
    case 'CreateSeqStmt':
      return readRelation(fields['sequence'])
    case 'ViewStmt':
      return readRelation(fields['view'])
    case 'CreateSchemaStmt':
      // Without a schema of their own, what is made in it would be taken for something in the search_path.
      return []
    case 'CreateFunctionStmt':
      return readRoutine(fields, from, parser, text)
    case 'DoStmt':
      return readBlock(fields, from, parser, text)
    case 'CallStmt':
      return readQuery({ FuncCall: fields['funccall'] }, from)
    case 'PrepareStmt':
      return [...readQuery(fields['query'], from), { kind: 'prepares', name: String(fields['name']), offset: from }]
    case 'ExplainStmt':
      return runsWhatItExplains(fields) ? readStatement({ node: fields['query'] as never, from }, parser, text) : []
    case 'CopyStmt':
      return readCopy(fields, from)
    case 'VariableSetStmt':
      return readSetting(fields, from)
    case 'DiscardStmt':
      return readDiscard(fields, from)
    case 'TransactionStmt':
      return readTransaction(fields, from)
    case 'AlterExtensionStmt':
      return unknown(`runs the update script of the extension ${String(fields['extname'])}`)
    case 'CommentStmt':
      // The mark of production is in there.
      return fields['objtype'] === 'OBJECT_DATABASE' ? unknown('replaces the comment of the database') : []
    case 'LoadStmt':
      return unknown('loads a library into the server')
    default:
      return unknown(`is a kind of statement that pgrig does not know (${type})`)
  }
}

function readDropOwned({ roles, behavior }: Fields, offset: number): Deed[] {
  return (roles as { RoleSpec?: { rolename?: string } }[]).map(({ RoleSpec: role }) => {
    // Without a name it is the role that runs the script.
    const object: NamedObject = { kind: 'role', name: role?.rolename ?? 'current_user' }
    return dropOf(object, behavior === 'DROP_CASCADE', offset, 'property of')
  })
}

function readTruncate({ relations, behavior }: Fields): Deed[] {
  return (relations as { RangeVar: Fields }[]).map(({ RangeVar: relation }) => ({
    kind: 'destroys',
    how: 'truncate',
    action: 'empties the table',
    object: tableOf(relation),
    cascade: behavior === 'DROP_CASCADE',
    only: relation['inh'] !== true,
    offset: offsetOf(relation),
  }))
}

function readCreate({ relation, oncommit, partbound }: Fields, from: number): Deed[] {
  // One that goes with the transaction may be gone already when its name comes again.
  return [...readQuery(partbound, from), ...(oncommit === 'ONCOMMIT_DROP' ? [] : readRelation(relation))]
}

function readInto({ rel, onCommit }: Fields = {}): Deed[] {
  return onCommit === 'ONCOMMIT_DROP' ? [] : readRelation(rel)
}

/** DELETE, UPDATE and MERGE at any depth, functions that are called, and what else is run from inside of a query. */
function readQuery(tree: unknown, from: number): Deed[] {
  const deeds: Deed[] = []
  visit(tree, (type, fields) => {
    switch (type) {
      case 'DeleteStmt':
      case 'UpdateStmt':
        if (takesEveryRow(fields['whereClause'])) deeds.push(changeOf(fields, type === 'DeleteStmt'))
        break
      case 'MergeStmt':
        deeds.push(...readMerge(fields))
        break
      case 'FuncCall':
        deeds.push(...readCall(fields, from))
        break
      case 'ExecuteStmt':
        deeds.push({ kind: 'executes', name: String(fields['name']), offset: from })
        break
      case 'SelectStmt':
      case 'CreateTableAsStmt':
        deeds.push(...readInto((fields['intoClause'] ?? fields['into']) as Fields | undefined))
        break
      case 'AlterTableCmd':
        // A default is only stored.
        return fields['subtype'] !== 'AT_ColumnDefault'
    }
    return true
  })
  // What it makes or sets is there when it is done.
  const after = new Set(['creates', 'sets search_path'])
  return [...deeds.filter(({ kind }) => !after.has(kind)), ...deeds.filter(({ kind }) => after.has(kind))]
}

function changeOf({ relation }: Fields, deletes: boolean): Deed {
  const table = relation as Fields
  return {
    kind: 'destroys',
    how: deletes ? 'delete' : 'update',
    action: deletes ? 'deletes every row of' : 'changes every row of',
    object: tableOf(table),
    cascade: false,
    only: table['inh'] !== true,
    offset: offsetOf(table),
  }
}

function readMerge({ relation, joinCondition, mergeWhenClauses }: Fields): Deed[] {
  const everyRow = takesEveryRow(joinCondition)
  const destroying = (mergeWhenClauses as { MergeWhenClause: Fields }[]).filter(({ MergeWhenClause: clause }) => {
    const { commandType, matchKind, condition } = clause
    if (commandType !== 'CMD_DELETE' && commandType !== 'CMD_UPDATE') return false
    return (everyRow || matchKind === 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE') && takesEveryRow(condition)
  })
  if (destroying.length === 0) return []
  const deletes = destroying.some(({ MergeWhenClause: clause }) => clause['commandType'] === 'CMD_DELETE')
  return [changeOf({ relation }, deletes)]
}

function readCall(call: Fields, from: number): Deed[] {
  const routine = readName(call['funcname'])
  const offset = (call['location'] as number | undefined) ?? from
  const path = readSearchPath(routine, call)
  if (path !== undefined) return [{ kind: 'sets search_path', ...path, offset }]
  // The grammar makes these of EXTRACT, AT TIME ZONE and their like.
  if (call['funcformat'] === 'COERCE_SQL_SYNTAX') return []
  const harm = harmOf(routine)
  if (harm === undefined) return [{ kind: 'calls', routine, offset }]
  if (!harm.certain) return [{ kind: 'unknown', why: harm.what, offset }]
  return [{ kind: 'destroys', how: 'function', action: harm.what, cascade: false, only: false, offset }]
}

/** EXPLAIN runs what it explains only with ANALYZE. */
function runsWhatItExplains({ options }: Fields): boolean {
  let analyzes = false
  for (const { DefElem: option } of (options ?? []) as { DefElem: Fields }[]) {
    if (option['defname'] !== 'analyze') continue
    const value = option['arg'] as {
      String?: { sval?: string }
      Integer?: { ival?: number }
      Boolean?: { boolval?: boolean }
    }
    const text = value === undefined ? 'on' : (value.String?.sval ?? value.Integer?.ival ?? value.Boolean?.boolval ?? 0)
    analyzes = !['false', 'off', '0', 'f', 'n', 'no'].includes(String(text).toLowerCase())
  }
  return analyzes
}

function readCopy(fields: Fields, offset: number): Deed[] {
  const { is_program: program, filename, is_from: from } = fields
  const deeds = readQuery(fields['query'], offset)
  if (program) deeds.push({ kind: 'unknown', why: 'runs a program on the server', offset })
  else if (filename !== undefined && !from) deeds.push({ kind: 'unknown', why: 'writes a file on the server', offset })
  return deeds
}

/** Temporary tables go, as with a transaction that is rolled back. */
function readDiscard({ target }: Fields, offset: number): Deed[] {
  if (target !== 'DISCARD_ALL' && target !== 'DISCARD_TEMP') return []
  const gone: Deed = { kind: 'ends transaction', rolledBack: true, offset }
  return target === 'DISCARD_TEMP' ? [gone] : [gone, ...readSetting({ kind: 'VAR_RESET_ALL' }, offset)]
}

function readTransaction({ kind, gid }: Fields, offset: number): Deed[] {
  switch (kind) {
    case 'TRANS_STMT_COMMIT_PREPARED':
      return [{ kind: 'unknown', why: `commits the prepared transaction ${String(gid)}`, offset }]
    case 'TRANS_STMT_ROLLBACK_PREPARED':
      return [{ kind: 'unknown', why: `throws away the prepared transaction ${String(gid)}`, offset }]
    case 'TRANS_STMT_COMMIT':
    case 'TRANS_STMT_PREPARE':
      return [{ kind: 'ends transaction', rolledBack: false, offset }]
    case 'TRANS_STMT_ROLLBACK':
    case 'TRANS_STMT_ROLLBACK_TO':
      return [{ kind: 'ends transaction', rolledBack: true, offset }]
    default:
      return []
  }
}
