import { type Deed, type NewType, offsetOf, tableOf } from './deed.ts'
import { type Fields, readName } from './tree.ts'

/** What ALTER TABLE, and ALTER TYPE of a composite type, loses. */
export function readAlterTable({ relation, cmds, objtype }: Fields): Deed[] {
  const table = relation as Fields
  const common = { object: tableOf(table), only: table['inh'] !== true, offset: offsetOf(table) }
  return (cmds as { AlterTableCmd: Fields }[]).flatMap(({ AlterTableCmd: command }): Deed[] => {
    const { subtype, name, behavior, def } = command
    const cascade = behavior === 'DROP_CASCADE'
    const column = String(name)
    switch (subtype) {
      case 'AT_DropColumn':
        // Tables that are made of the type keep it from losing an attribute, unless they lose it too.
        if (objtype === 'OBJECT_TYPE') {
          const action = `drops the attribute ${column} of all that is made of the type`
          return cascade
            ? [
                {
                  kind: 'destroys',
                  how: 'drop column',
                  action,
                  column,
                  ...common,
                  object: { ...common.object, kind: 'type' },
                  cascade,
                },
              ]
            : []
        }
        if (objtype !== 'OBJECT_TABLE') return []
        return [
          { kind: 'destroys', how: 'drop column', action: `drops the column ${column} of`, column, ...common, cascade },
        ]
      case 'AT_AlterColumnType':
        if (objtype !== 'OBJECT_TABLE') return []
        return [
          {
            kind: 'destroys',
            how: 'change type',
            action: `rewrites the column ${column} of`,
            column,
            ...common,
            cascade: false,
            newType: readType((def as { ColumnDef: Fields }).ColumnDef),
          },
        ]
      case 'AT_SetUnLogged':
        if (objtype !== 'OBJECT_TABLE') return []
        return [
          { kind: 'destroys', how: 'unlog', action: 'lets the next crash empty the table', ...common, cascade: false },
        ]
      default:
        return []
    }
  })
}

function readType({ typeName, raw_default: using }: Fields): NewType {
  const { names, typmods, arrayBounds } = typeName as Fields
  const modifiers = ((typmods ?? []) as { A_Const?: { ival?: { ival?: number } } }[]).map(
    ({ A_Const: literal }) => literal?.ival?.ival ?? 0,
  )
  return { type: readName(names), modifiers, array: arrayBounds !== undefined, converted: using !== undefined }
}
