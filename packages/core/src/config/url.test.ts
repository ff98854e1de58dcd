import { describe, expect, test } from 'vitest'
import { Failure } from '../errors.ts'
import { redactSecrets } from './redact.ts'
import { parseConnectionUrl } from './url.ts'

function failureOf(text: string): Failure {
  try {
    parseConnectionUrl(text)
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  throw new Error(`It was read: ${text}`)
}

/** Numbers from 0 to 1, the same ones each time. */
function makeRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

const printable = Array.from({ length: 95 }, (_, index) => String.fromCodePoint(32 + index))
const characters = [
  ...printable,
  ...printable,
  ...'@/:%#?& \'"\\',
  'ä',
  'é',
  'ß',
  'ł',
  '中',
  'あ',
  '🙈',
  '\u0301',
  '\u00a0',
]

function makePasswords(count: number, seed: number): string[] {
  const random = makeRandom(seed)
  const pick = () => characters[Math.floor(random() * characters.length)] ?? ''
  return Array.from({ length: count }, () => Array.from({ length: 8 + Math.floor(random() * 24) }, pick).join(''))
}

describe('a URL is read as libpq reads it', () => {
  test.each([
    ['postgresql://', {}],
    ['postgres://localhost', { host: 'localhost' }],
    ['postgresql://localhost:5433', { host: 'localhost', port: '5433' }],
    ['postgresql://localhost/mydb', { host: 'localhost', dbname: 'mydb' }],
    ['postgresql://user@localhost', { user: 'user', host: 'localhost' }],
    ['postgresql://user:secret@localhost', { user: 'user', password: 'secret', host: 'localhost' }],
    ['postgresql://user@', { user: 'user' }],
    ['postgresql://:secret@h', { password: 'secret', host: 'h' }],
    ['postgresql:///mydb', { dbname: 'mydb' }],
    ['postgresql://localhost/', { host: 'localhost' }],
    ['postgresql://localhost:/', { host: 'localhost' }],
    ['  postgresql://localhost/db\n', { host: 'localhost', dbname: 'db' }],
    ['postgresql:///db?host=/var/run/postgresql', { dbname: 'db', host: '/var/run/postgresql' }],
    ['postgresql://%2Fvar%2Frun%2Fpostgresql/db', { host: '/var/run/postgresql', dbname: 'db' }],
    ['postgresql://user@%2Ftmp:5433/db', { user: 'user', host: '/tmp', port: '5433', dbname: 'db' }],
    ['postgresql://[2001:db8::1234]/db', { host: '2001:db8::1234', dbname: 'db' }],
    [
      'postgresql://u:p@[::1]:5433/db?sslmode=disable',
      { user: 'u', password: 'p', host: '::1', port: '5433', dbname: 'db', sslmode: 'disable' },
    ],
    ['postgresql://[fe80::1%25eth0]/db', { host: 'fe80::1%eth0', dbname: 'db' }],
    ['postgresql://h/d%20b%2Fc', { host: 'h', dbname: 'd b/c' }],
    ['postgresql://h/my@db', { host: 'h', dbname: 'my@db' }],
    ['postgresql://h/db?application_name=a@b', { host: 'h', dbname: 'db', application_name: 'a@b' }],
    [
      'postgresql://u:p@h:5432/db?application_name=a@b',
      { user: 'u', password: 'p', host: 'h', port: '5432', dbname: 'db', application_name: 'a@b' },
    ],
    ['postgresql://h/db?ssl=true', { host: 'h', dbname: 'db', sslmode: 'require' }],
    ['postgresql://h?options=-c%20search_path%3Dapp', { host: 'h', options: '-c search_path=app' }],
    ['postgresql://h?search_path=app,public', { host: 'h', options: '-c search_path=app,public' }],
    ['postgresql://h?search_path=a%20b', { host: 'h', options: '-c search_path=a\\ b' }],
    ['postgresql://h?options=-c%20a%3Db&search_path=app', { host: 'h', options: '-c a=b -c search_path=app' }],
    ['postgresql://h?ss%6cmode=require', { host: 'h', sslmode: 'require' }],
    ['postgresql://h?', { host: 'h' }],
    ['postgresql://h?user=a&', { host: 'h', user: 'a' }],
    ['postgresql://u:p@h?user=other&password=', { user: 'other', host: 'h' }],
    [
      'postgresql://h/db?connect_timeout=5&hostaddr=10.0.0.1&service=s&passfile=/f',
      { host: 'h', dbname: 'db', connect_timeout: '5', hostaddr: '10.0.0.1', service: 's', passfile: '/f' },
    ],
    [
      'postgresql://h/db?sslrootcert=%2Fa%20b&sslcert=c&sslkey=k',
      { host: 'h', dbname: 'db', sslrootcert: '/a b', sslcert: 'c', sslkey: 'k' },
    ],
    [
      'postgresql://cruddurroot:cruddur@h/cruddur',
      { user: 'cruddurroot', password: 'cruddur', host: 'h', dbname: 'cruddur' },
    ],
    ['postgresql://u:a:b#c?d&e@h/db', { user: 'u', password: 'a:b#c?d&e', host: 'h', dbname: 'db' }],
    ['postgresql://u:a b+c@h', { user: 'u', password: 'a b+c', host: 'h' }],
    ['postgresql://u@my_host.example.com/db', { user: 'u', host: 'my_host.example.com', dbname: 'db' }],
  ])('%s', (text, values) => {
    expect(parseConnectionUrl(text)).toEqual(values)
  })
})

describe('keyword=value pairs are read as libpq reads them', () => {
  test.each([
    ['host=localhost port=5432 dbname=mydb', { host: 'localhost', port: '5432', dbname: 'mydb' }],
    ["host=h password='a b'", { host: 'h', password: 'a b' }],
    [String.raw`password='it\'s \\ here' user=u`, { password: String.raw`it's \ here`, user: 'u' }],
    [String.raw`password=a\ b user=u`, { password: 'a b', user: 'u' }],
    ["user = u  host\t=\n'h'", { user: 'u', host: 'h' }],
    ["user='' host=h", { host: 'h' }],
    ['host=h user=', { host: 'h' }],
    ["password=it's", { password: "it's" }],
    ['password=postgres://x host=h', { password: 'postgres://x', host: 'h' }],
    ['host=a host=b', { host: 'b' }],
  ])('%s', (text, values) => {
    expect(parseConnectionUrl(text)).toEqual(values)
  })
})

describe('a password with raw special characters is read as it is written', () => {
  test.each([
    ['p@ss', 'postgresql://u:p@ss@h:5432/db'],
    ['p/ss', 'postgresql://u:p/ss@h:5432/db'],
    ['@/:%#?& ', 'postgresql://u:@/:%#?& @h:5432/db'],
    ['100%', 'postgresql://u:100%@h:5432/db'],
    ['a%zz%41', 'postgresql://u:a%zz%41@h:5432/db'],
    ['a?b@c', 'postgresql://u:a?b@c@h:5432/db'],
    ['[x', 'postgresql://u:[x@h:5432/db'],
    [`'"\\`, `postgresql://u:'"\\@h:5432/db`],
  ])('%s', (password, text) => {
    expect(parseConnectionUrl(text)).toEqual({ user: 'u', password, host: 'h', port: '5432', dbname: 'db' })
  })

  test('and so is a user with an @, as Azure has them', () => {
    expect(parseConnectionUrl('postgresql://me@server:secret@h/db')).toEqual({
      user: 'me@server',
      password: 'secret',
      host: 'h',
      dbname: 'db',
    })
  })

  test('but what libpq understands is not', () => {
    expect(parseConnectionUrl('postgresql://u:a%40b@h')).toMatchObject({ password: 'a@b' })
  })
})

describe('what could mean two servers is refused', () => {
  test.each([
    'postgresql://u:a@b/c@h:5432/db',
    'postgresql://u:5432/ss@h/db',
    'postgresql://u:p@ss?x=1@h/db',
    'postgresql://u:p@h/db?aplication_name=a@b',
    'postgresql://h:5432/db?foo=a@b',
  ])('%s', (text) => {
    const failure = failureOf(text)
    expect(failure.message).toBe(
      'The connection URL can be read in more than one way: more than one @ could end the password.',
    )
    expect(failure.hint).toContain('@ is %40')
  })
})

describe('a URL that cannot be read', () => {
  test.each([
    ['', 'The connection URL is empty.'],
    ['  ', 'The connection URL is empty.'],
    [
      'cruddur',
      'The connection URL begins with neither postgresql:// nor postgres://, and is not keyword=value pairs either.',
    ],
    [
      'mysql://u:s3cr3t@h/db?a=b',
      'The connection URL begins with neither postgresql:// nor postgres://, and is not keyword=value pairs either.',
    ],
    ['postgresql://h1,h2/db', 'The connection URL names several hosts.'],
    ['postgresql://u:s3cr3t@h1:1,h2:2/db', 'The connection URL names several hosts.'],
    ['postgresql://[::1],[::2]/db', 'The connection URL names several hosts.'],
    ['postgresql:///db?host=a,b', 'The connection URL names several hosts.'],
    ['host=a,b password=s3cr3t', 'The connection URL names several hosts.'],
    ['postgresql://u:s3cr3t/db', 'The connection URL has a port that is not a number from 1 to 65535.'],
    ['postgresql://h:0', 'The connection URL has a port that is not a number from 1 to 65535.'],
    ['postgresql://h:65536', 'The connection URL has a port that is not a number from 1 to 65535.'],
    ['postgresql://::1/db', 'The connection URL has a port that is not a number from 1 to 65535.'],
    ['postgresql://[::1/db', 'The connection URL has an IPv6 address without the closing ].'],
    ['postgresql://[]/db', 'The connection URL has an empty IPv6 address.'],
    [
      'postgresql://[::1]x/db',
      'The connection URL has something after the ] of its IPv6 address that is neither a port nor a database.',
    ],
    ['postgresql://a b/db', 'The connection URL has a space in its host.'],
    ['postgresql://h/my db', 'The connection URL has a space in its database.'],
    [
      'postgresql://u:s3cr3t@h/100%',
      'The connection URL has a % in its database that two hexadecimal digits do not follow.',
    ],
    [
      'postgresql://u:s3cr3t%FF@h/db',
      'The connection URL has percent-encoded bytes in its password that are not UTF-8.',
    ],
    ['postgresql://u:s3cr3t%00@h/db', 'The connection URL has a zero byte (%00) in its password.'],
    ['postgresql://%40abstract/db', 'The connection URL names an abstract socket, which pgrig cannot use.'],
    [
      'postgresql://h;rm/db',
      'The connection URL has a host that is neither a name, nor an IP address, nor the absolute path of a socket folder.',
    ],
    ['postgresql://h/db?sslmode', 'The connection URL has a parameter without a value: an = is missing after the ?.'],
    ['postgresql://h/db?options=-c a=b', 'The connection URL has a parameter with a second =.'],
    ['postgresql://h/db?sslmode=on', 'The connection URL has an sslmode that does not exist.'],
    ['postgresql://h/db?ssl=1', 'The connection URL has an ssl parameter that is not ssl=true.'],
    [
      'postgresql://h/db?connect_timeout=soon',
      'The connection URL has a connect_timeout that is not a number of seconds.',
    ],
    ['postgresql://h/db?hostaddr=h', 'The connection URL has a hostaddr that is not an IP address.'],
    [
      'postgresql://h/db?schema=public',
      'The connection URL has the parameter "schema", which PostgreSQL does not know.',
    ],
    [
      'host',
      'The connection URL begins with neither postgresql:// nor postgres://, and is not keyword=value pairs either.',
    ],
    ['host h=1', 'The connection URL has an = missing after its first word, or a quotation mark that is not closed.'],
    ["host=h password='s3cr3t", 'The connection URL has a pair that cannot be read as keyword=value.'],
    ['password=s3cr3t s3cr3t=x', 'The connection URL has a parameter that PostgreSQL does not know.'],
    [`postgresql://${'x'.repeat(20_000)}`, 'The connection URL is longer than 16384 characters.'],
  ])('%s', (text, message) => {
    const failure = failureOf(text)
    expect(failure).toMatchObject({ code: 'url_invalid', message })
    expect(`${failure.hint} ${failure.stack}`).not.toContain('s3cr3t')
  })

  test('names the parameter that was probably meant', () => {
    expect(failureOf('postgresql://u:p@h/db?sslmod=require')).toMatchObject({
      message: 'The connection URL has the parameter "sslmod", which PostgreSQL does not know.',
      hint: 'Did you mean sslmode?',
    })
    expect(failureOf('hots=h').hint).toBe('Did you mean host?')
  })

  test('is told by where it comes from', () => {
    expect(() => parseConnectionUrl('', 'environment DATABASE_URL')).toThrow('environment DATABASE_URL is empty.')
  })

  test('is read in no time, whatever it holds', () => {
    const begin = performance.now()
    for (const character of ['@', ':', '/', '?', '&', '=', '%', ' ', "'", '\\', '[', 'a=']) {
      for (const prefix of ['postgresql://', 'a=']) {
        const text = prefix + character.repeat(Math.floor(16_000 / character.length))
        try {
          parseConnectionUrl(text)
        } catch (error) {
          expect(error).toBeInstanceOf(Failure)
        }
        redactSecrets(text)
      }
    }
    expect(performance.now() - begin).toBeLessThan(3000)
  })
})

describe('2,000 random passwords', () => {
  const passwords = makePasswords(2000, 42)

  test('come through a URL when they are percent-encoded', () => {
    for (const password of passwords) {
      const text = `postgresql://cruddurroot:${encodeURIComponent(password)}@h:5432/cruddur?sslmode=require`
      expect(parseConnectionUrl(text)).toEqual({
        user: 'cruddurroot',
        password,
        host: 'h',
        port: '5432',
        dbname: 'cruddur',
        sslmode: 'require',
      })
      expect(redactSecrets(text)).toBe('postgresql://cruddurroot:***@h:5432/cruddur?sslmode=require')
      expect(parseConnectionUrl(`postgresql://h/db?password=${encodeURIComponent(password)}`)).toEqual({
        host: 'h',
        dbname: 'db',
        password,
      })
    }
  })

  test('come through quoted pairs', () => {
    for (const password of passwords) {
      const text = `host=h password='${password.replace(/[\\']/g, String.raw`\$&`)}' user=u`
      expect(parseConnectionUrl(text)).toEqual({ host: 'h', password, user: 'u' })
      expect(redactSecrets(text)).toBe('host=h password=*** user=u')
    }
  })

  test('come through a URL as they are, or are refused; never another password or another host', () => {
    let read = 0
    for (const password of passwords) {
      const text = `postgresql://cruddurroot:${password}@h:5432/cruddur`
      // Only this is percent-encoding in libpq's eyes, and so not raw.
      const encoded = /%[0-9a-f]{2}/i.test(password) && !/%(?![0-9a-f]{2})/i.test(password)
      if (encoded) continue
      let values: ReturnType<typeof parseConnectionUrl>
      try {
        values = parseConnectionUrl(text)
      } catch (error) {
        // Both have to be there for a second reading.
        expect(password).toMatch(/[/?].*@|@.*[/?]|^\d*\//su)
        expect((error as Failure).message).not.toContain(password)
        expect(redactSecrets(text)).toBe('postgresql://***')
        continue
      }
      read++
      expect(values).toEqual({ user: 'cruddurroot', password, host: 'h', port: '5432', dbname: 'cruddur' })
      expect(redactSecrets(text)).toBe('postgresql://cruddurroot:***@h:5432/cruddur')
    }
    expect(read).toBeGreaterThan(1700)
  })
})

test('redaction and failures never show the password, however broken the URL around it is', () => {
  const random = makeRandom(7)
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? ''
  const noise = [
    '',
    '',
    '@',
    '/',
    ':',
    '%',
    '?',
    '&',
    '#',
    ' ',
    "'",
    '[',
    ']',
    ',',
    '%zz',
    '%00',
    '%ff',
    '\t',
    '\0',
    '\\',
  ]
  for (let round = 0; round < 10_000; round++) {
    const secret = `XyZZy${pick(noise)}plUgh`
    const parts = [
      pick(['postgresql://', 'postgres://', 'postgres:/']),
      pick(['u', 'u' + pick(noise), '']),
      ':',
      pick(noise),
      secret,
      pick(noise),
      '@',
      pick(['h', 'h:5432', 'h1,h2', '[::1', 'h:x', pick(noise)]),
      pick(['', '/db', '/d b', '/%', '/a@b']),
      pick([
        '',
        '?sslmode=x',
        '?foo=1',
        '?x',
        '?sslmode=require',
        '?a=b=c',
        '?password=XyZZyplUgh',
        '?pasword=XyZZyplUgh',
      ]),
    ]
    const text =
      random() < 0.8
        ? parts.join('')
        : `host=h${pick(noise)} password=${pick(["'", ''])}${secret.replace(/\s/, '')}${pick(["'", '', ' x=1', "' y"])}`
    const seen = [redactSecrets(text)]
    try {
      parseConnectionUrl(text)
    } catch (error) {
      expect(error).toBeInstanceOf(Failure)
      seen.push(String(error), String((error as Failure).hint), String((error as Failure).stack))
    }
    if (/XyZZy|plUgh/.test(seen.join('\n'))) expect.unreachable(`${text} leaks: ${seen.join('\n')}`)
  }
})
