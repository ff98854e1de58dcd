import { expect, test } from 'vitest'
import { apiAddress, readRoute } from './route.ts'

const uuid = '0199c000-0000-7000-8000-000000000101'

test.each([
  ['/', { name: 'home' }, '/api/activities/home'],
  ['/following', { name: 'following' }, '/api/activities/following'],
  ['/search', { name: 'search', term: '' }, undefined],
  ['/search?term=%20a%26b ', { name: 'search', term: 'a&b' }, '/api/activities/search?term=a%26b'],
  ['/@bayko', { name: 'profile', handle: 'bayko', tab: 'posts' }, '/api/activities/@bayko'],
  ['/@bayko?tab=replies', { name: 'profile', handle: 'bayko', tab: 'replies' }, '/api/activities/@bayko/replies'],
  ['/@bayko?tab=else', { name: 'profile', handle: 'bayko', tab: 'posts' }, '/api/activities/@bayko'],
  [`/@a_1/status/${uuid}`, { name: 'thread', handle: 'a_1', uuid }, `/api/activities/@a_1/status/${uuid}`],
  ['/moderation', { name: 'moderation' }, '/api/admin/reports'],
  ['/settings', { name: 'settings' }, undefined],
  ['/@', { name: 'missing' }, undefined],
  ['/@bayko/', { name: 'missing' }, undefined],
  ['/@bayko/status/1', { name: 'missing' }, undefined],
  [`/@${'a'.repeat(33)}`, { name: 'missing' }, undefined],
  ['/nowhere', { name: 'missing' }, undefined],
])('%s is understood', (path, route, address) => {
  expect(readRoute(new URL(path, 'http://localhost'))).toEqual(route)
  expect(apiAddress(readRoute(new URL(path, 'http://localhost')))).toBe(address)
})
