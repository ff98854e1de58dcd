import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Failure } from '../errors.ts'
import { findProject } from './project.ts'
import { listTargets, resolveTarget, type ServerTarget, type Target, type TargetRequest } from './target.ts'

let root: string
let home: string
let folder: string
let variables: Record<string, string>

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pgrig-target-'))
  home = join(root, 'home')
  folder = join(root, 'cruddur')
  variables = { PGSYSCONFDIR: join(root, 'etc') }
  write('cruddur/package.json', '{"name": "cruddur"}')
  mkdirSync(home)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(path: string, text: string, mode = 0o600): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text, { mode })
}

function configure(settings: object): void {
  write('cruddur/pgrig.json', JSON.stringify(settings))
}

function makeEnvironment() {
  return { variables, home, folder, hostAddresses: ['192.168.1.7'], userName: 'me' }
}

async function resolve(name?: string, url?: string): Promise<Target> {
  const environment = makeEnvironment()
  const request: TargetRequest = { ...(name === undefined ? {} : { name }), ...(url === undefined ? {} : { url }) }
  return resolveTarget(await findProject(environment), environment, request)
}

async function resolveServer(name?: string, url?: string): Promise<ServerTarget> {
  const target = await resolve(name, url)
  if (target.kind !== 'server') throw new Error('It is the embedded server.')
  return target
}

async function failureOf(name?: string, url?: string): Promise<Failure> {
  try {
    await resolve(name, url)
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  throw new Error('It was resolved.')
}

function originOf(target: Target, name: string): string | undefined {
  return target.values.find((value) => value.name === name)?.origin
}

describe('the local target', () => {
  test('is the embedded server when nothing names another one', async () => {
    variables['PGUSER'] = 'someone'
    variables['PGDATABASE'] = 'something'
    expect(await resolve()).toEqual({
      kind: 'embedded',
      name: 'local',
      database: 'cruddur',
      projectFolder: folder,
      protected: false,
      schemaFile: join(folder, 'db/schema.sql'),
      seedFile: join(folder, 'db/seed.sql'),
      migrationsFolder: join(folder, 'db/migrations'),
      warnings: [],
      values: [
        { name: 'server', value: 'embedded', origin: 'default' },
        { name: 'database', value: 'cruddur', origin: 'package.json name' },
        { name: 'schema', value: join(folder, 'db/schema.sql'), origin: 'default' },
        { name: 'seed', value: join(folder, 'db/seed.sql'), origin: 'default' },
        { name: 'migrations', value: join(folder, 'db/migrations'), origin: 'default' },
        { name: 'protected', value: 'false', origin: 'default' },
      ],
    })
  })

  test('is the embedded server that pgrig.json describes', async () => {
    configure({
      database: 'a',
      schema: 'sql/all.sql',
      server: { port: 5499 },
      targets: { local: { database: 'b', seed: '/seed.sql', protected: true } },
    })
    expect(await resolve('local')).toMatchObject({
      kind: 'embedded',
      database: 'b',
      port: 5499,
      schemaFile: join(folder, 'sql/all.sql'),
      seedFile: '/seed.sql',
      protected: true,
      protectedBecause: 'pgrig.json targets.local.protected is true',
    })
  })

  test.each(['DATABASE_URL', 'CONNECTION_URL', 'PGHOST', 'PGPORT', 'PGHOSTADDR'])(
    'is the embedded server when %s is empty',
    async (variable) => {
      variables[variable] = ' '
      expect(await resolve()).toMatchObject({ kind: 'embedded' })
    },
  )

  test('is what the strongest source says', async () => {
    configure({ targets: { local: { url: 'postgresql://json/db' } } })
    const steps: [() => void, string, string][] = [
      [() => {}, 'json', 'pgrig.json targets.local.url'],
      [() => write('cruddur/.env', 'PGHOST=dotenv-variable\n'), 'dotenv-variable', '.env PGHOST'],
      [
        () => write('cruddur/.env', 'CONNECTION_URL=postgresql://dotenv-connection/db\n'),
        'dotenv-connection',
        '.env CONNECTION_URL',
      ],
      [
        () => write('cruddur/.env', 'CONNECTION_URL=postgresql://x/db\nDATABASE_URL="postgresql://dotenv/db"\n'),
        'dotenv',
        '.env DATABASE_URL',
      ],
      [() => (variables['PGHOST'] = 'variable'), 'variable', 'environment PGHOST'],
      [() => (variables['CONNECTION_URL'] = 'postgresql://connection/db'), 'connection', 'environment CONNECTION_URL'],
      [() => (variables['DATABASE_URL'] = 'postgresql://environment/db'), 'environment', 'environment DATABASE_URL'],
    ]
    for (const [step, host, origin] of steps) {
      step()
      const target = await resolveServer()
      expect(target.address.host).toBe(host)
      expect(originOf(target, 'host')).toBe(origin)
    }
    const target = await resolveServer('local', 'postgresql://flag/db')
    expect(target.address.host).toBe('flag')
    expect(originOf(target, 'host')).toBe('--url')
  })

  test('warns when a variable of the shell hides the URL in .env', async () => {
    write('cruddur/.env', 'DATABASE_URL=postgresql://h/db\n')
    variables['PGPORT'] = '5433'
    expect((await resolveServer()).warnings).toEqual([
      'DATABASE_URL in .env is not used, because PGPORT in the environment comes first.',
    ])
  })

  test('takes from the libpq variables what the URL leaves open', async () => {
    Object.assign(variables, {
      DATABASE_URL: 'postgresql://127.0.0.1',
      PGHOST: 'other',
      PGHOSTADDR: '10.0.0.1',
      PGPORT: '5433',
      PGUSER: 'app',
      PGPASSWORD: 's3cr3t',
      PGDATABASE: 'db',
      PGSSLMODE: 'require',
      PGCONNECT_TIMEOUT: '3',
      PGOPTIONS: '-c statement_timeout=5s',
      PGAPPNAME: 'mine',
    })
    const target = await resolveServer()
    expect(target).toMatchObject({
      database: 'db',
      thisMachine: true,
      applicationName: 'mine',
      address: {
        host: '127.0.0.1',
        port: 5433,
        user: 'app',
        password: 's3cr3t',
        database: 'db',
        tls: { mode: 'require' },
        connectTimeoutSeconds: 3,
        options: '-c statement_timeout=5s',
      },
    })
    expect(target.values).toContainEqual({ name: 'password', value: '***', origin: 'environment PGPASSWORD' })
  })

  test('takes nothing from them that the URL says', async () => {
    Object.assign(variables, {
      DATABASE_URL: 'postgresql://u:p@h:1/d?sslmode=disable&connect_timeout=0',
      PGUSER: 'x',
      PGPASSWORD: 'x',
      PGPORT: '2',
      PGDATABASE: 'x',
      PGSSLMODE: 'require',
      PGCONNECT_TIMEOUT: '9',
    })
    expect((await resolveServer()).address).toEqual({
      host: 'h',
      port: 1,
      user: 'u',
      password: 'p',
      database: 'd',
      tls: { mode: 'disable' },
      connectTimeoutSeconds: 0,
    })
  })

  test('has the defaults of libpq', async () => {
    variables['PGPORT'] = '59999'
    expect((await resolveServer()).address).toEqual({
      host: 'localhost',
      port: 59999,
      user: 'me',
      database: 'cruddur',
      tls: { mode: 'prefer' },
      connectTimeoutSeconds: 10,
    })
  })

  test('takes the database from pgrig.json where neither URL nor PGDATABASE names one', async () => {
    configure({ database: 'all', targets: { local: { database: 'own', url: 'postgresql://localhost' } } })
    expect(await resolve()).toMatchObject({ database: 'own' })
    variables['PGDATABASE'] = 'variable'
    expect(await resolve()).toMatchObject({ database: 'variable' })
    configure({ database: 'all', targets: { local: { url: 'postgresql://localhost' } } })
    delete variables['PGDATABASE']
    expect(await resolve()).toMatchObject({ database: 'all' })
  })

  test('is told when a variable cannot be used', async () => {
    variables['PGPORT'] = 'x'
    expect(await failureOf()).toMatchObject({
      code: 'config_invalid',
      message: 'environment PGPORT has a port that is not a number from 1 to 65535.',
    })
    variables['PGPORT'] = '1'
    variables['PGHOST'] = 'a,b'
    expect(await failureOf()).toMatchObject({
      code: 'config_invalid',
      message: 'environment PGHOST names several hosts.',
    })
  })

  test('needs a user, which the operating system may not know', async () => {
    const { userName, ...environment } = makeEnvironment()
    expect(userName).toBe('me')
    variables['PGPORT'] = '1'
    await expect(resolveTarget(await findProject(environment), environment)).rejects.toMatchObject({
      code: 'config_invalid',
      hint: 'Put the user into the URL, or set PGUSER.',
    })
  })

  test('is told when a host and a hostaddr would have to be used together', async () => {
    variables['PGHOST'] = 'h'
    variables['PGHOSTADDR'] = '10.0.0.1'
    expect(await failureOf()).toMatchObject({ code: 'config_invalid' })
    delete variables['PGHOST']
    expect((await resolveServer()).address.host).toBe('10.0.0.1')
  })
})

describe('PGHOSTADDR beside a URL', () => {
  test('does not change where the URL leads, and a warning says that psql would go elsewhere', async () => {
    variables['PGHOSTADDR'] = '10.0.0.1'
    const target = await resolveServer('local', 'postgresql://h/db')
    expect(target.address.host).toBe('h')
    expect(target.warnings).toContain(
      'hostaddr (environment PGHOSTADDR) has no effect, because --url names the host. psql would connect to 10.0.0.1.',
    )
  })

  test.each([
    ['postgresql:///db', 'local', '10.0.0.1'],
    ['postgresql://10.0.0.1/db', 'local', '10.0.0.1'],
    ['postgresql:///db?hostaddr=10.0.0.2', 'local', '10.0.0.2'],
    ['postgresql://h/db', 'prod', 'h'],
  ])('%s for %s needs no warning', async (url, name, host) => {
    variables['PGHOSTADDR'] = '10.0.0.1'
    const target = await resolveServer(name, url)
    expect(target.address.host).toBe(host)
    expect(target.warnings.join()).not.toContain('hostaddr')
  })
})

describe('another target', () => {
  test.each([
    ['prod', 'PROD_DATABASE_URL'],
    ['prod', 'PROD_CONNECTION_URL'],
    ['pre-prod', 'PRE_PROD_DATABASE_URL'],
    ['pre_prod', 'PRE_PROD_CONNECTION_URL'],
  ])('%s is where %s says', async (name, variable) => {
    variables[variable] = 'postgresql://app@h/db'
    expect(await resolveServer(name)).toMatchObject({ name, database: 'db', address: { host: 'h' } })
    delete variables[variable]
    write('cruddur/.env', `${variable}=postgresql://app@dotenv/db\n`)
    expect(await resolveServer(name)).toMatchObject({ name, address: { host: 'dotenv' } })
  })

  test('never takes its place from the libpq variables, but the rest', async () => {
    write('home/.pg_service.conf', '[s]\nhost=other\nport=4\n')
    Object.assign(variables, {
      PROD_DATABASE_URL: 'postgresql://h',
      PGHOST: 'other',
      PGHOSTADDR: '10.0.0.1',
      PGPORT: '4',
      PGSERVICE: 's',
      PGUSER: 'app',
      PGDATABASE: 'db',
      PGPASSWORD: 'p',
    })
    expect((await resolveServer('prod')).address).toMatchObject({
      host: 'h',
      port: 5432,
      user: 'app',
      database: 'db',
      password: 'p',
    })
    variables['PROD_DATABASE_URL'] = 'postgresql:///db'
    expect((await resolveServer('prod')).address).not.toMatchObject({ host: 'other' })
    variables['PROD_DATABASE_URL'] = 'service=s'
    expect((await resolveServer('prod')).address).toMatchObject({ host: 'other', port: 4 })
  })

  test('never falls back to another one', async () => {
    variables['DATABASE_URL'] = 'postgresql://local/db'
    const failure = await failureOf('prod')
    expect(failure).toMatchObject({
      code: 'target_unset',
      message:
        'Nothing says where the target prod is: PROD_DATABASE_URL and PROD_CONNECTION_URL are not set, and there is no pgrig.json.',
      hint: 'Set PROD_DATABASE_URL or PROD_CONNECTION_URL in the environment or in .env, or targets.prod.url in pgrig.json (without the password).',
    })
    variables['PROD_CONNECTION_URL'] = ''
    configure({ targets: { prod: { database: 'x' } } })
    expect((await failureOf('prod')).message).toBe(
      'Nothing says where the target prod is: PROD_CONNECTION_URL is set, but empty, and pgrig.json has no targets.prod.url.',
    )
    write('cruddur/.env', 'PROD_DATABASE_URL=\n')
    expect((await failureOf('prod')).message).toContain('PROD_DATABASE_URL and PROD_CONNECTION_URL are set, but empty')
  })

  test('is refused when its URL names nothing, or is empty', async () => {
    expect(await failureOf('prod', 'postgresql://app@')).toMatchObject({
      code: 'url_invalid',
      message: '--url names neither a host nor a database, so it does not say where prod is.',
    })
    expect(await failureOf('prod', '')).toMatchObject({ code: 'url_invalid', message: '--url is empty.' })
    expect(await failureOf('local', '')).toMatchObject({ code: 'url_invalid', message: '--url is empty.' })
  })

  test.each([
    [
      'prdo',
      'There is no target "prdo".',
      'Did you mean prod? For a new one: set PRDO_DATABASE_URL, or add it to targets in pgrig.json.',
    ],
    [
      'qa',
      'There is no target "qa".',
      'There are: local, prod, staging. For a new one: set QA_DATABASE_URL, or add it to targets in pgrig.json.',
    ],
    ['constructor', 'There is no target "constructor".', expect.stringContaining('There are: ')],
    ['a b', 'There is no target "a b".', expect.stringContaining('one word of letters')],
    ['', 'There is no target "".', expect.stringContaining('one word of letters')],
  ])('that is called %j is unknown', async (name, message, hint) => {
    configure({ targets: { staging: { url: 'postgresql://h' } } })
    expect(await failureOf(name)).toMatchObject({ code: 'target_unknown', message, hint })
    expect(await failureOf(name, 'postgresql://h/db')).toMatchObject({ code: 'target_unknown' })
  })

  test('can be listed', async () => {
    configure({ targets: { staging: {} } })
    Object.assign(variables, {
      DATABASE_URL: 'x',
      QA_TWO_DATABASE_URL: 'x',
      PROD_CONNECTION_URL: 'x',
      EMPTY_DATABASE_URL: '',
    })
    const environment = makeEnvironment()
    expect(listTargets(await findProject(environment), environment)).toEqual([
      'local',
      'prod',
      'staging',
      'qa-two',
      'qa_two',
    ])
  })
})

describe('production', () => {
  test.each([
    ['prod', {}, true, 'the target is called prod'],
    ['production', {}, true, 'the target is called production'],
    ['prod', { protected: false }, false, undefined],
    ['staging', {}, false, undefined],
    ['staging', { protected: true }, true, 'pgrig.json targets.staging.protected is true'],
    ['local', {}, false, undefined],
  ])('%s with %j is protected: %j', async (name, settings, isProtected, because) => {
    configure({ targets: { [name]: { url: 'postgresql://h/db', ...settings } } })
    const target = await resolve(name)
    expect(target.protected).toBe(isProtected)
    expect(target.protectedBecause).toBe(because)
  })
})

describe('a service', () => {
  beforeEach(() => write('home/.pg_service.conf', '[cruddur]\nhost=h\nport=5433\nuser=service\npassword=s3cr3t\n'))

  test('names the server of the local target through PGSERVICE, and comes before the other variables', async () => {
    variables['PGSERVICE'] = 'cruddur'
    variables['PGUSER'] = 'x'
    const target = await resolveServer()
    expect(target.address).toMatchObject({ host: 'h', port: 5433, user: 'service', password: 's3cr3t' })
    expect(originOf(target, 'user')).toBe('service cruddur (~/.pg_service.conf)')
  })

  test('fills in what a URL with service= leaves open', async () => {
    expect((await resolveServer('prod', 'postgresql://me@/db?service=cruddur')).address).toMatchObject({
      host: 'h',
      user: 'me',
      database: 'db',
    })
  })

  test('that does not exist is a failure', async () => {
    variables['PGSERVICE'] = 'cruddr'
    expect(await failureOf()).toMatchObject({ code: 'config_invalid', hint: 'Did you mean cruddur?' })
  })
})

describe('the password file', () => {
  test('is asked when nothing else has the password', async () => {
    write('home/.pgpass', 'h:5432:db:app:s3cr3t\n')
    const target = await resolveServer('prod', 'postgresql://app@h/db')
    expect(target.address.password).toBe('s3cr3t')
    expect(target.values).toContainEqual({ name: 'password', value: '***', origin: '~/.pgpass line 1' })
    expect((await resolveServer('prod', 'postgresql://app:own@h/db')).address.password).toBe('own')
  })

  test('is not used when others may read it, with a warning', async () => {
    write('home/.pgpass', 'h:5432:db:app:s3cr3t\n', 0o644)
    const target = await resolveServer('prod', 'postgresql://app@h/db')
    expect(target.address.password).toBeUndefined()
    expect(target.warnings).toEqual(['~/.pgpass was ignored, as psql does: others may read it. chmod 0600 it.'])
  })

  test('can be named by the URL and by PGPASSFILE in .env', async () => {
    write('cruddur/.env', `PGPASSFILE=${join(root, 'one')}\n`)
    write('one', '*:*:*:*:first\n')
    write('two', '*:*:*:*:second\n')
    expect((await resolveServer('prod', 'postgresql://app@h/db')).address.password).toBe('first')
    expect((await resolveServer('prod', `postgresql://app@h/db?passfile=${join(root, 'two')}`)).address.password).toBe(
      'second',
    )
  })
})

// The contents are never looked into here, only their kind.
const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
const key = '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n'

describe('the connection is encrypted', () => {
  test.each([
    ['postgresql://db.example.com/db', 'verify-full', 'default off this machine'],
    ['postgresql://10.0.0.1/db', 'verify-full', 'default off this machine'],
    ['postgresql://localhost/db', 'prefer', 'default on this machine'],
    ['postgresql://192.168.1.7/db', 'prefer', 'default on this machine'],
    ['postgresql://db.example.com/db?sslmode=disable', 'disable', '--url'],
    ['postgresql://db.example.com/db?ssl=true', 'require', '--url'],
    ['postgresql://%2Ftmp/db?sslmode=require', 'disable', 'a socket is never encrypted'],
  ])('%s: %s', async (url, mode, origin) => {
    const target = await resolveServer('prod', url)
    expect(target.address.tls.mode).toBe(mode)
    expect(originOf(target, 'sslmode')).toBe(origin)
  })

  test('as PGSSLMODE says, else as pgrig.json says', async () => {
    configure({ targets: { prod: { url: 'postgresql://h/db', sslmode: 'verify-ca' } } })
    expect((await resolveServer('prod')).address.tls.mode).toBe('verify-ca')
    variables['PGSSLMODE'] = 'require'
    expect((await resolveServer('prod')).address.tls.mode).toBe('require')
  })

  test('and checked with the authorities of Node.js and of Amazon RDS, and NODE_EXTRA_CA_CERTS', async () => {
    write('extra.pem', certificate)
    variables['NODE_EXTRA_CA_CERTS'] = join(root, 'extra.pem')
    const { authorities = [] } = (await resolveServer('prod', 'postgresql://h/db')).address.tls
    expect(authorities.slice(0, rootCertificates.length)).toEqual(rootCertificates)
    expect(authorities.length).toBeGreaterThan(rootCertificates.length + 100)
    expect(authorities.at(-1)).toBe(certificate)
    variables['NODE_EXTRA_CA_CERTS'] = '/nowhere.pem'
    expect((await resolveServer('prod', 'postgresql://h/db')).warnings).toEqual([
      'NODE_EXTRA_CA_CERTS was ignored: /nowhere.pem cannot be read (ENOENT).',
    ])
  })

  test('and checked with ~/.postgresql/root.crt when there is one, as psql does', async () => {
    write('home/.postgresql/root.crt', certificate)
    expect((await resolveServer('prod', 'postgresql://h/db')).address.tls).toEqual({
      mode: 'verify-full',
      authorities: [certificate],
    })
    expect((await resolveServer('prod', 'postgresql://h/db?sslmode=require')).address.tls).toEqual({
      mode: 'verify-ca',
      authorities: [certificate],
    })
    expect((await resolveServer('prod', 'postgresql://h/db?sslmode=prefer')).address.tls).toEqual({ mode: 'prefer' })
  })

  test('and checked with the file of sslrootcert, which pgrig.json names from its own folder', async () => {
    write('cruddur/ca.pem', certificate)
    configure({ targets: { prod: { url: 'postgresql://h/db', sslrootcert: 'ca.pem' } } })
    const target = await resolveServer('prod')
    expect(target.address.tls).toEqual({ mode: 'verify-full', authorities: [certificate] })
    expect(originOf(target, 'sslrootcert')).toBe('pgrig.json targets.prod.sslrootcert')
  })

  test('and checked with the authorities of the system when sslrootcert=system, and nothing less', async () => {
    expect((await resolveServer('prod', 'postgresql://h/db?sslrootcert=system')).address.tls).toEqual({
      mode: 'verify-full',
    })
    expect(await failureOf('prod', 'postgresql://h/db?sslrootcert=system&sslmode=require')).toMatchObject({
      code: 'config_invalid',
      message: 'sslrootcert=system (--url) needs sslmode=verify-full, and sslmode is require (--url).',
    })
  })

  test('with a client certificate when the URL names one, or ~/.postgresql holds one', async () => {
    write('c.pem', certificate)
    write('k.pem', key)
    const url = `postgresql://h/db?sslmode=require&sslcert=${join(root, 'c.pem')}&sslkey=${join(root, 'k.pem')}`
    expect((await resolveServer('prod', url)).address.tls).toEqual({ mode: 'require', certificate, key })
    write('home/.postgresql/postgresql.crt', certificate)
    write('home/.postgresql/postgresql.key', key)
    expect((await resolveServer('prod', 'postgresql://h/db?sslmode=require')).address.tls).toEqual({
      mode: 'require',
      certificate,
      key,
    })
    expect((await resolveServer('prod', 'postgresql://h/db?sslmode=require&sslcertmode=disable')).address.tls).toEqual({
      mode: 'require',
    })
    expect((await resolveServer('prod', 'postgresql://h/db?sslmode=disable')).address.tls).toEqual({ mode: 'disable' })
  })

  test.each([
    ['sslrootcert=/nowhere', 'file_missing', '/nowhere (--url) cannot be read (ENOENT).'],
    ['sslrootcert=text', 'file_unusable', 'holds no certificate in PEM form.'],
    ['sslcert=/nowhere&sslkey=key', 'file_missing', '/nowhere (--url) cannot be read (ENOENT).'],
    ['sslcert=cert', 'file_missing', 'but no key for it.'],
    ['sslcert=cert&sslkey=open-key', 'file_unusable', 'may be read by others, so psql does not use it either.'],
    ['sslcert=cert&sslkey=locked-key', 'file_unusable', 'is encrypted with a passphrase.'],
    ['sslcertmode=require', 'config_invalid', 'sslcertmode=require, but there is no client certificate.'],
  ])('but not with %s', async (parameters, code, message) => {
    write('cruddur/text', 'text')
    write('cruddur/cert', certificate)
    write('cruddur/key', key)
    write('cruddur/open-key', key, 0o644)
    write('cruddur/locked-key', key.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE'))
    expect(await failureOf('prod', `postgresql://h/db?${parameters}`)).toMatchObject({
      code,
      message: expect.stringContaining(message),
    })
  })
})

test('what pgrig does not act on is warned about', async () => {
  const target = await resolveServer('prod', 'postgresql://h/db?channel_binding=require&keepalives=1')
  expect(target.warnings).toEqual([
    'channel_binding (--url) has no effect: pgrig does not support it.',
    'keepalives (--url) has no effect: pgrig does not support it.',
  ])
})

test('a URL in .env that lost its end at a # is told with what to do', async () => {
  write('cruddur/.env', 'DATABASE_URL=postgresql://u:s3cr3t#x@h/db\n')
  const failure = await failureOf()
  expect(failure).toMatchObject({
    code: 'url_invalid',
    message: '.env DATABASE_URL has a port that is not a number from 1 to 65535.',
  })
  expect(failure.hint).toContain('put it into quotation marks in .env')
})

test('a .env that is a folder, as Python has them, is not read', async () => {
  mkdirSync(join(folder, '.env'))
  expect(await resolve()).toMatchObject({ kind: 'embedded' })
})

describe('a password is in the address, and nowhere else', () => {
  const awkward = `p@s/s:w%o#r?d& '"\\ö`
  test.each<[string, () => void]>([
    [
      'in the URL',
      () => (variables['PROD_DATABASE_URL'] = `postgresql://cruddurroot:${encodeURIComponent(awkward)}@h/db`),
    ],
    ['raw in the URL', () => (variables['PROD_DATABASE_URL'] = `postgresql://cruddurroot:${awkward}@h/db`)],
    [
      'in a parameter',
      () => (variables['PROD_DATABASE_URL'] = `postgresql://cruddurroot@h/db?password=${encodeURIComponent(awkward)}`),
    ],
    [
      'in .env',
      () => write('cruddur/.env', `PROD_DATABASE_URL=postgresql://cruddurroot:${encodeURIComponent(awkward)}@h/db\n`),
    ],
    [
      'in PGPASSWORD',
      () => Object.assign(variables, { PROD_DATABASE_URL: 'postgresql://cruddurroot@h/db', PGPASSWORD: awkward }),
    ],
    [
      'in ~/.pgpass',
      () => {
        variables['PROD_DATABASE_URL'] = 'postgresql://cruddurroot@h/db'
        write('home/.pgpass', `h:*:*:cruddurroot:${awkward.replace(/[\\:]/g, String.raw`\$&`)}\n`)
      },
    ],
  ])('when it is %s', async (_place, prepare) => {
    prepare()
    const target = await resolveServer('prod')
    const { address, ...shown } = target
    expect(address).toMatchObject({ user: 'cruddurroot', password: awkward, host: 'h', database: 'db' })
    expect(shown.values).toContainEqual({ name: 'password', value: '***', origin: expect.any(String) })
    expect(JSON.stringify([shown, { ...address, password: '' }])).not.toContain('s/s')
  })
})
