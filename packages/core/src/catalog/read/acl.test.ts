import { expect, test } from 'vitest'
import { renderGrants, type AclItem, type Grantable } from './acl.ts'

const table: Grantable = { on: 'TABLE public.t', owner: 'owner', all: ['SELECT', 'INSERT', 'UPDATE'] }

function item(grantee: string, privileges: string[], grantor = 'owner'): AclItem {
  return { grantee, grantor, privileges }
}

test('nothing is written where nothing differs, in whatever order it stands', () => {
  const one = [item('a', ['SELECT', 'INSERT']), item('', ['SELECT'])]
  const other = [item('', ['SELECT']), item('a', ['INSERT', 'SELECT'])]
  expect(renderGrants(table, one, other)).toEqual([])
})

test('names are quoted, PUBLIC is not, and all privileges are called ALL', () => {
  expect(
    renderGrants(
      table,
      [],
      [item('Some "One"', ['UPDATE', 'SELECT', 'INSERT']), item('', ['SELECT']), item('user', ['UPDATE'])],
    ),
  ).toEqual([
    'GRANT SELECT ON TABLE public.t TO PUBLIC',
    'GRANT ALL ON TABLE public.t TO "Some ""One"""',
    'GRANT UPDATE ON TABLE public.t TO "user"',
  ])
})

test('what is less than before is taken away first, and given again as it is now', () => {
  expect(
    renderGrants(
      table,
      [item('owner', ['SELECT', 'INSERT', 'UPDATE']), item('', ['SELECT'])],
      [item('owner', ['SELECT'])],
    ),
  ).toEqual([
    'REVOKE ALL ON TABLE public.t FROM owner',
    'REVOKE SELECT ON TABLE public.t FROM PUBLIC',
    'GRANT SELECT ON TABLE public.t TO owner',
  ])
})

test('who grants on has it before, and does it himself', () => {
  const items = [
    item('c', ['SELECT'], 'b'),
    item('b', ['SELECT*'], 'z'),
    item('z', ['SELECT*', 'INSERT']),
    // Grants in a circle cannot be made; they are written all the same.
    item('x', ['UPDATE'], 'y'),
  ]
  expect(renderGrants(table, [], items)).toEqual([
    'GRANT INSERT ON TABLE public.t TO z',
    'GRANT SELECT ON TABLE public.t TO z WITH GRANT OPTION',
    'SET ROLE z',
    'GRANT SELECT ON TABLE public.t TO b WITH GRANT OPTION',
    'RESET ROLE',
    'SET ROLE b',
    'GRANT SELECT ON TABLE public.t TO c',
    'RESET ROLE',
    'SET ROLE y',
    'GRANT UPDATE ON TABLE public.t TO x',
    'RESET ROLE',
  ])
})

test('privileges on a column are written with its name, and default ones with what stands in front', () => {
  const column = { ...table, column: '"Column"', all: ['SELECT', 'INSERT', 'UPDATE', 'REFERENCES'] }
  expect(renderGrants(column, [], [item('a', ['UPDATE', 'SELECT'])])).toEqual([
    'GRANT SELECT ("Column"), UPDATE ("Column") ON TABLE public.t TO a',
  ])
  const later = {
    on: 'FUNCTIONS',
    owner: 'owner',
    all: ['EXECUTE'],
    prefix: 'ALTER DEFAULT PRIVILEGES FOR ROLE owner ',
  }
  expect(renderGrants(later, [item('', ['EXECUTE'])], [])).toEqual([
    'ALTER DEFAULT PRIVILEGES FOR ROLE owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC',
  ])
})
