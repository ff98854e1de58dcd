import type { Run } from './command.ts'
import { metaCommands } from './commands.ts'

/** As psql 18 prints it, with the years of its time. */
const copyright = `PostgreSQL Database Management System
(also known as Postgres, formerly known as Postgres95)

Portions Copyright (c) 1996-2025, PostgreSQL Global Development Group

Portions Copyright (c) 1994, The Regents of the University of California

Permission to use, copy, modify, and distribute this software and its
documentation for any purpose, without fee, and without a written agreement
is hereby granted, provided that the above copyright notice and this
paragraph and the following two paragraphs appear in all copies.

IN NO EVENT SHALL THE UNIVERSITY OF CALIFORNIA BE LIABLE TO ANY PARTY FOR
DIRECT, INDIRECT, SPECIAL, INCIDENTAL, OR CONSEQUENTIAL DAMAGES, INCLUDING
LOST PROFITS, ARISING OUT OF THE USE OF THIS SOFTWARE AND ITS
DOCUMENTATION, EVEN IF THE UNIVERSITY OF CALIFORNIA HAS BEEN ADVISED OF THE
POSSIBILITY OF SUCH DAMAGE.

THE UNIVERSITY OF CALIFORNIA SPECIFICALLY DISCLAIMS ANY WARRANTIES,
INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY
AND FITNESS FOR A PARTICULAR PURPOSE.  THE SOFTWARE PROVIDED HEREUNDER IS
ON AN "AS IS" BASIS, AND THE UNIVERSITY OF CALIFORNIA HAS NO OBLIGATIONS TO
PROVIDE MAINTENANCE, SUPPORT, UPDATES, ENHANCEMENTS, OR MODIFICATIONS.

`

const showCopyright: Run = ({ host }) => host.print('output', copyright)

/** What they do is in the manual of psql. */
const listCommands: Run = ({ host }) => {
  const names = [...metaCommands.keys(), 'copy', 'if', 'elif', 'else', 'endif', 'd…', 'l', 'sf', 'sv', 'z', 'conninfo']
  const lines = ['These commands of psql are run:']
  for (const name of names.sort()) {
    const last = lines.at(-1) ?? ''
    if (lines.length === 1 || last.length + name.length > 76) lines.push(`  \\${name}`)
    else lines[lines.length - 1] = `${last} \\${name}`
  }
  host.print('output', `${lines.join('\n')}\nhttps://www.postgresql.org/docs/current/app-psql.html\n`)
}

/** Commands that tell of psql and PostgreSQL. */
export const helpCommands: readonly (readonly [string, Run])[] = [
  ['copyright', showCopyright],
  ['?', listCommands],
]
