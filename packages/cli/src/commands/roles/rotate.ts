import { planRotation, rotatePassword, withConnection, type Proof } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { argument, flag } from '../../flag.ts'
import { choosePlace, passwordFlags, showPassword, warnOfGit } from '../../password-flags.ts'
import { listPasswordHolders } from '../../password-holders.ts'
import { permitRoleChange, showStatements, statementsOf } from '../../roles-view.ts'

interface Outcome {
  name: string
  rotated: boolean
  /** Of a dry run. */
  statements?: string[]
  place?: string | null
  proof?: Proof
  validUntil?: Date | null
  /** What holds the old password. */
  holders?: string[]
  /** With --print. */
  password?: string
}

export const rotate = defineCommand({
  name: 'roles rotate',
  summary: 'Give a role a new random password',
  description: `The password is first kept where you say, and taken away again when the server does not take it. Only its SCRAM verifier
goes to the server, so that no log can show it. Then it is tried: by a login over TCP where the socket asks for none. Sessions that are
open go on. When it is the role of the target itself, the variables and files are named that hold the old password.`,
  target: 'database',
  destructive: true,
  verbatim: true,
  arguments: { name: argument.required('The name of the role') },
  flags: { ...passwordFlags, expires: flag.duration('How long the password is valid, as 90d (default: as before)') },
  examples: [
    'roles rotate cruddur_app --to app.password',
    'roles rotate cruddur_app prod --pgpass --confirm cruddur',
    'roles rotate reporting --print --expires 90d',
  ],

  async run({ name, expires, ...where }, tools) {
    const target = await tools.target()
    return withConnection(target, async (connection): Promise<Outcome> => {
      const plan = await planRotation(connection, name, {
        now: new Date(),
        ...(expires !== undefined && { expiresSeconds: expires }),
      })
      if (tools.dryRun) return { name, rotated: false, statements: statementsOf(plan.changes) }
      const keeperOf = await choosePlace(where, tools, target.target, target.address)
      await permitRoleChange(tools, target, `changes the password of ${name}`, connection)
      // Before: afterwards nothing may come between the password and whoever is to see it.
      const all = await listPasswordHolders(tools, target, name)
      const { password, place, proof, validUntil } = await rotatePassword(connection, plan, keeperOf(name))
      await warnOfGit(place, tools)
      const holders = all.filter((holder) => place === null || !holder.startsWith(`${place} line `))
      return { name, rotated: true, place, proof, validUntil, holders, ...(where.print && { password }) }
    })
  },

  show({ name, statements, place, proof, validUntil, holders, password }, screen, { store }) {
    if (statements) return showStatements(statements, screen)
    const say = (text: string) => (password === undefined ? screen.line(text) : screen.note(text))
    if (proof)
      showPassword(
        { role: name, place: place ?? null, proof, ...(password !== undefined && { password }) },
        screen,
        store,
      )
    if (validUntil) say(`It expires at ${validUntil.toISOString()}.`)
    for (const holder of holders ?? []) say(`The old password is still in ${holder}: change it there.`)
  },
})
