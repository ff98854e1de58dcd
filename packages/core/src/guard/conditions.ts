import { type Fields, stringOf } from './tree.ts'

/**
 * What a condition says of the rows: `true` or `false` of all of them, `same` for all of them without our knowing which, or
 * `rows` where it tells rows apart.
 */
type Answer = 'true' | 'false' | 'same' | 'rows'

/** Whether a WHERE or an ON chooses between rows. One that may hold for all of them, like `1 = 1`, does not. */
export function takesEveryRow(condition: unknown): boolean {
  if (condition === undefined) return true
  const answer = answerOf(condition)
  return answer === 'true' || answer === 'same'
}

function answerOf(node: unknown): Answer {
  const [type = '', value] = Object.entries(node as Fields)[0] ?? []
  const fields = (value ?? {}) as Fields
  switch (type) {
    case 'BoolExpr':
      return answerOfBoolean(fields)
    case 'A_Const':
    case 'TypeCast': {
      const constant = constantOf(node)
      return constant === undefined ? answerOfOther(node) : truth(constant)
    }
    case 'A_Expr':
      return answerOfComparison(node, fields)
    case 'BooleanTest':
    case 'NullTest':
      return answerOfOther(node)
    case 'SubLink':
      return answerOfSubquery(fields)
    default:
      return answerOfOther(node)
  }
}

function answerOfBoolean({ boolop, args }: Fields): Answer {
  const answers = (args as unknown[]).map(answerOf)
  if (boolop === 'NOT_EXPR') {
    const [answer = 'rows'] = answers
    return answer === 'true' ? 'false' : answer === 'false' ? 'true' : answer
  }
  const [absorbing, neutral]: Answer[] = boolop === 'AND_EXPR' ? ['false', 'true'] : ['true', 'false']
  if (answers.includes(absorbing!)) return absorbing!
  if (answers.every((answer) => answer === neutral)) return neutral!
  // `x or same` may hold for every row; `x and same` cannot hold for more than x.
  if (boolop === 'OR_EXPR' && answers.includes('same')) return 'same'
  return answers.includes('rows') ? 'rows' : 'same'
}

function answerOfComparison(node: unknown, { kind, name, lexpr, rexpr }: Fields): Answer {
  const operator = Array.isArray(name) && name.length === 1 ? stringOf(name[0]) : undefined
  if (kind === 'AEXPR_OP' && operator !== undefined && lexpr !== undefined) {
    const left = constantOf(lexpr)
    const right = constantOf(rexpr)
    // Null makes every comparison null, which is as good as false; as does a wrong guess that asks once too often.
    if (left === null || right === null) return 'false'
    if (left !== undefined && right !== undefined && typeof left === typeof right) {
      const found = compare(operator, left, right)
      if (found !== undefined) return found ? 'true' : 'false'
    }
    // `id = id` leaves out nothing but nulls.
    if (['=', '<=', '>='].includes(operator) && isSameColumn(lexpr, rexpr)) return 'true'
  }
  return answerOfOther(node)
}

function compare(operator: string, left: string | number | boolean, right: typeof left): boolean | undefined {
  switch (operator) {
    case '=':
      return left === right
    case '<>':
      return left !== right
    default:
      // How texts are ordered is the server's business.
      if (typeof left !== 'number' || typeof right !== 'number') return undefined
      return { '<': left < right, '>': left > right, '<=': left <= right, '>=': left >= right }[operator]
  }
}

function isSameColumn(left: unknown, right: unknown): boolean {
  const names = [left, right].map((side) => (side as { ColumnRef?: { fields?: unknown } }).ColumnRef?.fields)
  if (names[0] === undefined || names[1] === undefined) return false
  const [one, other] = names.map((fields) => (fields as unknown[]).map(stringOf))
  // A table's name may stand before one of them.
  return (
    one!.at(-1) !== undefined &&
    one!.at(-1) === other!.at(-1) &&
    (one!.length !== 2 || other!.length !== 2 || one![0] === other![0])
  )
}

/** EXISTS of a query without tables, and the value of one; any other query looks at rows. */
function answerOfSubquery({ subLinkType, subselect }: Fields): Answer {
  const query = ((subselect as Fields | undefined)?.['SelectStmt'] ?? {}) as Fields
  const { fromClause, whereClause, limitCount, targetList } = query
  if (fromClause !== undefined || limitCount !== undefined || !takesEveryRow(whereClause)) return 'rows'
  if (subLinkType === 'EXISTS_SUBLINK') return 'true'
  const [target] = (targetList ?? []) as { ResTarget?: { val?: unknown } }[]
  return subLinkType === 'EXPR_SUBLINK' && target?.ResTarget?.val !== undefined
    ? answerOf(target.ResTarget.val)
    : 'rows'
}

const rowTypes = new Set(['ColumnRef', 'SubLink', 'CurrentOfExpr'])

/** A condition without a column or a query in it is the same for all rows. */
function answerOfOther(node: unknown): Answer {
  const pending: unknown[] = [node]
  while (pending.length > 0) {
    const next = pending.pop()
    if (typeof next !== 'object' || next === null) continue
    for (const [key, value] of Object.entries(next)) {
      if (rowTypes.has(key)) return 'rows'
      pending.push(value)
    }
  }
  return 'same'
}

type Constant = string | number | boolean | null

/** The value of a literal, with a cast to boolean or without one; undefined for anything else. */
function constantOf(node: unknown): Constant | undefined {
  const { A_Const: literal, TypeCast: cast } = node as {
    A_Const?: Fields
    TypeCast?: { arg?: unknown; typeName?: Fields }
  }
  if (cast) {
    const names = cast.typeName?.['names'] as unknown[] | undefined
    const inner = constantOf(cast.arg)
    return stringOf(names?.at(-1)) === 'bool' && (typeof inner === 'string' || typeof inner === 'boolean')
      ? readBoolean(String(inner))
      : undefined
  }
  if (!literal) return undefined
  if (literal['isnull']) return null
  if ('boolval' in literal) return (literal['boolval'] as { boolval?: boolean }).boolval ?? false
  if ('ival' in literal) return (literal['ival'] as { ival?: number }).ival ?? 0
  if ('fval' in literal) return Number((literal['fval'] as { fval?: string }).fval)
  if ('sval' in literal) return (literal['sval'] as { sval?: string }).sval ?? ''
  return undefined
}

/** As PostgreSQL reads booleans: by the first letters. */
function readBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase()
  if (word === '') return undefined
  if (['true', 'yes'].some((yes) => yes.startsWith(word)) || word === 'on' || word === '1') return true
  return ['false', 'no'].some((no) => no.startsWith(word)) || 'off'.startsWith(word) || word === '0' ? false : undefined
}

/** A literal as a condition: a text is read as a boolean. */
function truth(constant: Constant): Answer {
  const value = typeof constant === 'string' ? readBoolean(constant) : constant
  return value === null || value === false ? 'false' : value === true ? 'true' : 'same'
}
