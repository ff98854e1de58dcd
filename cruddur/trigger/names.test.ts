import { expect, test } from 'vitest'
import { makeDisplayName } from './display-name.ts'
import { isHandle, proposeHandles, wishedHandle } from './handle.ts'

const sub = '3f0c6a9e-0d4b-4c5c-9a53-5ac0e6a7b1d2'
const firstHandle = (wish: string) => proposeHandles(wish, sub)[0]

test.each([
  ['miles', 'miles'],
  ['MilesOB', 'MilesOB'],
  ["Miles O'Brien", 'Miles_OBrien'],
  ['Zoë Łódź', 'Zoe_Lodz'],
  ['Straße 9', 'Strasse_9'],
  ['ＦＵＬＬｗｉｄｔｈ', 'FULLwidth'],
  ['a.b-c+d', 'a_b_c_d'],
  ['  spaces  ', 'spaces'],
  ['__', '__'],
  ['аdmin', 'dmin'],
  ['日本', 'user'],
  ['', 'user'],
  ['👩‍💻', 'user'],
  ["'; DELETE FROM users; --", 'DELETE_FROM_users'],
  ['x'.repeat(40), 'x'.repeat(32)],
])('the name %j becomes the handle %j', (wish, handle) => {
  expect(firstHandle(wish)).toBe(handle)
})

test('every handle that is proposed is valid, none comes twice, and they are the same next time', () => {
  for (const wish of ['ann', 'x'.repeat(32), `${'x'.repeat(30)}_2`, '', 'É']) {
    const handles = proposeHandles(wish, sub)
    expect(handles.filter((handle) => !isHandle(handle))).toEqual([])
    expect(new Set(handles).size).toBe(handles.length)
    expect(proposeHandles(wish, sub)).toEqual(handles)
    expect(proposeHandles(wish, 'somebody-else').at(-1)).not.toBe(handles.at(-1))
  }
})

test.each([
  ['the preferred name comes first', 'ann', { preferred_username: ' Annie ' }, 'Annie'],
  ['else the name that they sign in with', 'ann', {}, 'ann'],
  ['an empty one is none', 'ann', { preferred_username: ' ' }, 'ann'],
  ['a uuid was not chosen by anybody', sub, {}, undefined],
  ['an e-mail address is nobody else’s business', 'ann@example.org', {}, undefined],
  ['nor is a telephone number', '+493012345', {}, undefined],
  ['nor what another provider calls them', 'Google_10987', { identities: '[]' }, undefined],
])('%s', (_, userName, attributes, wished) => {
  expect(wishedHandle(userName, attributes as Record<string, string>)).toBe(wished)
})

test.each([
  [{ name: "Miles O'Brien" }, "Miles O'Brien"],
  [{ name: '  Ann \n\t Lee\u0000 ' }, 'Ann Lee'],
  [{ given_name: 'Ann', family_name: 'Lee' }, 'Ann Lee'],
  [{ name: '', given_name: 'Ann' }, 'Ann'],
  [{ preferred_username: 'annie' }, 'annie'],
  [{ name: 'Ann\u202egnikcats' }, 'Anngnikcats'],
  [{ name: '\u200d\u2060\u3164', preferred_username: 'annie' }, 'annie'],
  [{ name: '\ud800' }, undefined],
  [{}, undefined],
  [{ name: '👩‍👩‍👧‍👦'.repeat(20) }, '👩‍👩‍👧‍👦'.repeat(7)],
  [{ name: 'é'.normalize('NFD').repeat(60) }, 'é'.repeat(50)],
  [{ name: '<img src=x onerror=alert(1)>' }, '<img src=x onerror=alert(1)>'],
])('of %j the display name is %j', (attributes, name) => {
  expect(makeDisplayName(attributes as Record<string, string>)).toBe(name)
})
