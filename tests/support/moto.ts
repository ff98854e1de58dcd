import { spawn } from 'node:child_process'
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { findPythonProgram } from './python.ts'

export interface Moto {
  /** What `AWS_ENDPOINT_URL` has to be. */
  endpoint: string
  /** Variables with which the SDK and pgrig speak to it. */
  variables: Record<string, string>
  stop(): Promise<void>
}

/**
 * What moto 5.2 does not know, or answers wrongly, though RDS knows it: each has to be given to it, and is no test of ours of what
 * AWS does.
 */
const unknownToMoto: Record<string, (form: URLSearchParams) => string> = {
  // HTTP 500: "not implemented".
  DescribeDBEngineVersions: (form) =>
    ['17.9', '17.10', '18.4']
      .filter((version) => `${version}.`.startsWith(`${form.get('EngineVersion') ?? '18.4'}.`))
      .map(
        (version) => `<DBEngineVersion><Engine>postgres</Engine><EngineVersion>${version}</EngineVersion>
          <DBParameterGroupFamily>postgres${version.split('.')[0]}</DBParameterGroupFamily><Status>available</Status>
          <ExportableLogTypes><member>postgresql</member><member>upgrade</member></ExportableLogTypes>
          <SupportedCACertificateIdentifiers><member>rds-ca-rsa2048-g1</member></SupportedCACertificateIdentifiers></DBEngineVersion>`,
      )
      .join(''),
  // An empty list for postgres.
  DescribeOrderableDBInstanceOptions: (form) =>
    `<OrderableDBInstanceOption><Engine>postgres</Engine><EngineVersion>${form.get('EngineVersion')}</EngineVersion>
      <DBInstanceClass>db.t4g.micro</DBInstanceClass><StorageType>gp3</StorageType><MultiAZCapable>true</MultiAZCapable>
      <SupportsIAMDatabaseAuthentication>true</SupportsIAMDatabaseAuthentication>
      <SupportsPerformanceInsights>true</SupportsPerformanceInsights></OrderableDBInstanceOption>`,
}

const lists: Record<string, string> = {
  DescribeDBEngineVersions: 'DBEngineVersions',
  DescribeOrderableDBInstanceOptions: 'OrderableDBInstanceOptions',
}

/** Starts moto's server, an AWS by others, behind a proxy that knows what it does not. Undefined where it is not installed. */
export async function startMoto(untested: string): Promise<Moto | undefined> {
  const program = findPythonProgram(untested, 'moto', 'moto_server')
  if (program === undefined) return undefined
  const port = await freePort()
  const server = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
  const proxy = createServer((incoming, outgoing) => void pass(incoming, outgoing, port))
  const endpoint = `http://127.0.0.1:${await listen(proxy)}`
  await untilAnswers(port)
  return {
    endpoint,
    variables: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'not-a-secret-of-anybody',
      AWS_REGION: 'eu-central-1',
    },
    async stop() {
      server.kill('SIGKILL')
      proxy.closeAllConnections()
      await new Promise((resolve) => void proxy.close(resolve))
    },
  }
}

/** Answers what moto does not know; all else is moto's. */
async function pass(incoming: IncomingMessage, outgoing: ServerResponse, port: number): Promise<void> {
  const { headers } = incoming
  let body = await readBody(incoming)
  const form = new URLSearchParams(body.toString())
  const action = form.get('Action') ?? ''
  if (action === 'ModifyDBInstance' && form.get('RotateMasterUserPassword') === 'true') {
    await renewSecret(headers, form, port)
    form.delete('RotateMasterUserPassword')
    body = Buffer.from(form.toString())
  }
  const answer = unknownToMoto[action]
  if (answer) {
    const list = lists[action]
    outgoing.writeHead(200, { 'content-type': 'text/xml' })
    outgoing.end(
      `<${action}Response xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><${action}Result><${list}>${answer(form)}</${list}></${action}Result></${action}Response>`,
    )
    return
  }
  const { method, url } = incoming
  const length = { 'content-length': String(body.length) }
  const onward = request(
    { host: '127.0.0.1', port, method, path: url, headers: { ...headers, ...length } },
    (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(outgoing)
    },
  )
  onward.on('error', () => outgoing.writeHead(502).end())
  onward.end(body)
}

/** The password in a secret after it was rotated. */
export const rotatedPassword = 'Rotated-4711'

/** moto leaves a managed secret without a value when it is rotated; RDS gives it a new version. */
async function renewSecret(headers: IncomingHttpHeaders, form: URLSearchParams, port: number): Promise<void> {
  const ask = (body: string, own: Record<string, string>) =>
    fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: { authorization: String(headers.authorization), 'x-amz-date': String(headers['x-amz-date']), ...own },
      body,
    })
  const look = new URLSearchParams({
    Action: 'DescribeDBInstances',
    Version: '2014-10-31',
    DBInstanceIdentifier: form.get('DBInstanceIdentifier') ?? '',
  })
  const seen = await ask(look.toString(), { 'content-type': 'application/x-www-form-urlencoded' })
  const [, SecretId = ''] = /<SecretArn>([^<]+)/.exec(await seen.text()) ?? []
  const SecretString = JSON.stringify({ username: 'admin', password: rotatedPassword })
  const put = await ask(JSON.stringify({ SecretId, SecretString }), {
    authorization: String(headers.authorization).replace('/rds/', '/secretsmanager/'),
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'secretsmanager.PutSecretValue',
  })
  if (!put.ok) throw new Error(`moto did not take the new version of ${SecretId}: ${await put.text()}`)
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await new Promise((resolve) => void server.close(resolve))
  return port
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

async function untilAnswers(port: number): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const answered = await fetch(`http://127.0.0.1:${port}/moto-api/`).then(
      () => true,
      () => false,
    )
    if (answered) return
    await new Promise((resolve) => void setTimeout(resolve, 100))
  }
  throw new Error('moto did not start')
}
