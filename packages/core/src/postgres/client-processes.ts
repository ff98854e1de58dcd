import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { platform } from 'node:os'
import { basename } from 'node:path'

/** A program on this machine that is connected to the server. Its arguments are not told: they may hold secrets. */
export interface ClientProcess {
  pid: number
  /** The name of its file: `node`, `psql`. */
  program: string
  /** Of an interpreter, the name of the script that it runs. */
  script?: string
}

/** The server's end of a connection. */
export interface ClientEnd {
  /** Of the session. */
  pid: number
  client: string | null
  clientPort: number | null
  startedAt: string | null
}

/**
 * Makes a finder of the programs behind sessions. It knows those on this machine, on Linux, as far as this user may look; of
 * others it says nothing. What it once found it remembers, since a look at every process takes a while.
 */
export function processFinder(): (
  clients: readonly ClientEnd[],
  serverPort: number,
) => Promise<Map<number, ClientProcess>> {
  const known = new Map<string, ClientProcess | undefined>()
  const keyOf = ({ pid, startedAt }: ClientEnd) => `${pid} ${startedAt}`
  return async (clients, serverPort) => {
    const unknown = clients.filter((client) => !known.has(keyOf(client)))
    if (unknown.length > 0 && platform() === 'linux') {
      const found = await findProcesses(unknown, serverPort)
      for (const client of unknown) known.set(keyOf(client), found.get(client.pid))
    }
    const pairs = clients.map((client) => [client.pid, known.get(keyOf(client))] as const)
    return new Map(pairs.filter((pair): pair is [number, ClientProcess] => pair[1] !== undefined))
  }
}

async function findProcesses(clients: readonly ClientEnd[], serverPort: number): Promise<Map<number, ClientProcess>> {
  const tcp = clients.filter(({ clientPort }) => clientPort !== null && clientPort > 0)
  const unix = clients.filter(({ clientPort }) => clientPort === -1)
  const [tcpPids, unixPids] = await Promise.all([
    tcp.length > 0 ? findTcpPids(tcp, serverPort) : [],
    unix.length > 0 ? findUnixPids(unix, serverPort) : [],
  ])
  const found = await Promise.all(
    [...tcpPids, ...unixPids].map(async ([session, pid]) => [session, await describeProcess(pid)] as const),
  )
  return new Map(found.filter((pair): pair is [number, ClientProcess] => pair[1] !== undefined))
}

interface Socket {
  local: string
  remote: string
  inode: string
}

/** By the socket that has the client's address and port. https://docs.kernel.org/networking/proc_net_tcp.html */
async function findTcpPids(clients: readonly ClientEnd[], serverPort: number): Promise<Map<number, number>> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
  )
  const sockets = tables.flatMap(readTcpTable)
  const ends = new Set(sockets.map(({ local, remote }) => `${local} ${remote}`))
  const byClient = new Map<string, Socket>()
  for (const socket of sockets) {
    if (!socket.remote.endsWith(`:${serverPort}`)) continue
    const loops = socket.local.startsWith('127.') || socket.local.startsWith('::1:')
    // At the far end of a tunnel the server sees a loopback address too, which is not one of this machine: here is no such end.
    if (loops && !ends.has(`${socket.remote} ${socket.local}`)) continue
    byClient.set(socket.local, socket)
  }
  const inodes = new Map<string, number>()
  for (const { pid, client, clientPort } of clients) {
    const socket = byClient.get(`${client}:${clientPort}`)
    if (socket) inodes.set(socket.inode, pid)
  }
  return inodes.size > 0 ? findOwners(inodes) : new Map()
}

const established = '01'

/** Reads the connections in /proc/net/tcp or tcp6. */
export function readTcpTable(text: string): Socket[] {
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => words[3] === established)
    .map((words) => ({
      local: readEndpoint(words[1] ?? ''),
      remote: readEndpoint(words[2] ?? ''),
      inode: words[9] ?? '',
    }))
}

/** `0100007F:1538` is 127.0.0.1:5432: hexadecimal, each four bytes in the order of the processor. */
function readEndpoint(text: string): string {
  const [address = '', port = ''] = text.split(':')
  const words = (address.match(/.{8}/g) ?? []).map((word) => (word.match(/../g) ?? []).reverse())
  const bytes = words.flat().map((byte) => parseInt(byte, 16))
  return `${bytes.length === 4 ? bytes.join('.') : ipv6Text(bytes)}:${parseInt(port, 16)}`
}

/** As PostgreSQL writes it; an IPv4 address that is mapped into IPv6 as the former. */
function ipv6Text(bytes: readonly number[]): string {
  if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255)
    return bytes.slice(12).join('.')
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  )
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

/** Finds which process has each socket open, among those that we may look into. */
async function findOwners(sessionByInode: ReadonlyMap<string, number>): Promise<Map<number, number>> {
  const owners = new Map<number, number>()
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  await Promise.all(
    pids.map(async (pid) => {
      for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
        const link = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')
        const session = link.startsWith('socket:[') ? sessionByInode.get(link.slice(8, -1)) : undefined
        if (session !== undefined) owners.set(session, Number(pid))
      }
    }),
  )
  return owners
}

/** Which end belongs to which is in no file for Unix sockets; `ss`, of iproute2, asks the kernel. */
async function findUnixPids(clients: readonly ClientEnd[], serverPort: number): Promise<Map<number, number>> {
  const table = await new Promise<string>((resolve) => {
    const options = { timeout: 2000, maxBuffer: 64 * 1024 * 1024 }
    execFile('ss', ['-xnpH'], options, (error, stdout) => resolve(error ? '' : stdout))
  })
  return pairUnixSockets(table, new Set(clients.map(({ pid }) => pid)), serverPort)
}

/** Reads what `ss -xnpH` prints: the process at the client's end of each session. */
export function pairUnixSockets(table: string, sessions: ReadonlySet<number>, serverPort: number): Map<number, number> {
  const clients = new Map<string, number>()
  const servers: { pids: number[]; peer: string }[] = []
  for (const line of table.split('\n')) {
    const [, path = '', inode = '', peer = '', users = ''] =
      /^\S+\s+\S+\s+\d+\s+\d+\s+(.+?)\s+(\d+)\s+\S+\s+(\d+)\s*(.*)$/.exec(line.trim()) ?? []
    const pids = [...users.matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid))
    const [pid] = pids
    if (path.endsWith(`/.s.PGSQL.${serverPort}`)) servers.push({ pids, peer })
    else if (pid !== undefined) clients.set(inode, pid)
  }
  const pairs = new Map<number, number>()
  for (const { pids, peer } of servers) {
    const session = pids.find((pid) => sessions.has(pid))
    const client = clients.get(peer)
    if (session !== undefined && client !== undefined) pairs.set(session, client)
  }
  return pairs
}

async function describeProcess(pid: number): Promise<ClientProcess | undefined> {
  try {
    const [executable, line] = await Promise.all([
      readlink(`/proc/${pid}/exe`),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ])
    const program = basename(executable.replace(/ \(deleted\)$/, ''))
    const script = scriptOf(program, line.split('\0').slice(1, -1))
    return { pid, program, ...(script !== undefined && { script }) }
  } catch {
    // It has ended, or is not ours to look at.
    return undefined
  }
}

const interpreters = /^(node|bun|deno|python[\d.]*|ruby[\d.]*|perl[\d.]*|php[\d.]*|java|bash|dash|sh|zsh)$/

/** The script's base name among the arguments of an interpreter, only where it is sure to be one: code and secrets stand there too. */
export function scriptOf(program: string, args: readonly string[]): string | undefined {
  if (!interpreters.test(program)) return undefined
  for (const [at, word] of args.entries()) {
    // The program itself.
    if (/^(-[a-zA-Z]*[ec]|-p|-r|--eval|--print)$/.test(word)) return undefined
    if (word === '-m' && program.startsWith('python')) return moduleName(args[at + 1])
    if (word === '-jar') return fileName(args[at + 1])
    if (word.startsWith('-')) continue
    return fileName(word)
  }
  return undefined
}

function fileName(word: string | undefined): string | undefined {
  const name = basename(word ?? '')
  return /^[\w.@-]{1,64}$/.test(name) && (/\.([cm]?[jt]sx?|py|rb|pl|php|jar|sh)$/.test(name) || word?.startsWith('/'))
    ? name
    : undefined
}

function moduleName(word: string | undefined): string | undefined {
  return word !== undefined && /^[a-z_][\w.]{0,63}$/i.test(word) ? word : undefined
}
