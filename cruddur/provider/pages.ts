import { type Html, html, renderDocument } from '../api/sign-in/document.ts'
import type { AccountProblem, Mail } from './accounts.ts'

export type Fields = Readonly<Record<string, string>>

interface Field {
  name: string
  label: string
  type?: 'text' | 'email' | 'password'
  autocomplete: string
  hint?: string
  numeric?: boolean
  longest?: number
}

const email: Field = { name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username', longest: 254 }
const newPassword: Field = {
  name: 'password',
  label: 'Password',
  type: 'password',
  autocomplete: 'new-password',
  hint: 'At least 8 characters.',
  longest: 256,
}
const code: Field = {
  name: 'code',
  label: 'Code',
  autocomplete: 'one-time-code',
  hint: 'Six digits.',
  numeric: true,
  longest: 16,
}

/** A page with a form. */
export interface Page {
  title: string
  lead?: Html
  fields: readonly Field[]
  button: string
  footer: Html
}

const mailboxNote = html`<p class="note">
  No mail is sent from here: the code is in the terminal where Cruddur was started, and in the
  <a href="/oidc/mailbox" target="_blank">mailbox for development</a>.
</p>`

export const signInPage: Page = {
  title: 'Sign in',
  fields: [email, { ...newPassword, autocomplete: 'current-password', hint: '' }],
  button: 'Sign in',
  footer: html`<p>New here? <a href="sign-up">Sign up</a></p>
    <p><a href="forgot">Forgotten your password?</a></p>`,
}

export const signUpPage: Page = {
  title: 'Sign up',
  fields: [
    { name: 'name', label: 'Name', autocomplete: 'name', hint: 'How others see you.', longest: 100 },
    {
      name: 'handle',
      label: 'Handle',
      autocomplete: 'nickname',
      hint: 'The name after the @: letters, digits and underscores.',
      longest: 33,
    },
    email,
    newPassword,
  ],
  button: 'Sign up',
  footer: html`<p>You have an account? <a href="sign-in">Sign in</a></p>`,
}

export const confirmPage: Page = {
  title: 'Confirm your account',
  lead: mailboxNote,
  fields: [code],
  button: 'Confirm',
  footer: html`<form method="post" action="resend">
    <p>No code? <button class="plain">Send a new one</button></p>
  </form>`,
}

export const forgotPage: Page = {
  title: 'Reset your password',
  fields: [email],
  button: 'Send a code',
  footer: html`<p><a href="sign-in">Back to signing in</a></p>`,
}

export const resetPage: Page = {
  title: 'Choose a new password',
  lead: html`<p>If there is an account with this e-mail address, a code is on its way.</p>
    ${mailboxNote}`,
  fields: [email, code, { ...newPassword, label: 'New password' }],
  button: 'Set the password',
  footer: html`<p><a href="forgot">Send another code</a></p>`,
}

/** The page, with what was typed and what is wrong with it. No password is ever shown again. */
export function renderPage(page: Page, values: Fields = {}, problem?: AccountProblem): string {
  const wrong = page.fields.find(({ name }) => name === problem?.field)?.name
  const first = wrong ?? page.fields.find(({ name }) => !values[name])?.name
  const alert = problem && html`<p class="problem" role="alert" id="problem">${problem.message}</p>`
  const main = html`${alert}${page.lead}
    <form method="post" novalidate>
      ${page.fields.map((field) => renderField(field, values[field.name] ?? '', field.name === wrong, field.name === first))}
      <button>${page.button}</button>
    </form>`
  return renderDocument(problem ? `Error: ${page.title}` : page.title, main, page.footer, page.title)
}

function renderField(
  { name, label, type = 'text', ...field }: Field,
  value: string,
  wrong: boolean,
  focus: boolean,
): Html {
  const described = [wrong && 'problem', field.hint && `${name}-hint`].filter(Boolean).join(' ')
  return html`<label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      type="${type}"
      autocomplete="${field.autocomplete}"
      required
      ${field.longest !== undefined && html`maxlength="${field.longest}" `}${field.numeric && html`inputmode="numeric" `}
      ${name === 'handle' && html`autocapitalize="none" spellcheck="false" `}${wrong && html`aria-invalid="true" `}
      ${described && html`aria-describedby="${described}" `}${focus && html`autofocus `}
      ${type !== 'password' && html`value="${value}"`}
    />
    ${field.hint && html`<span class="hint" id="${name}-hint">${field.hint}</span>`}`
}

/** The codes that would have been mailed. */
export function renderMailbox(mails: readonly Mail[]): string {
  const what = { confirm: 'confirm the account', reset: 'reset the password' }
  const list = mails.map(
    (mail) =>
      html`<li>
        For <strong>${mail.email}</strong>, to ${what[mail.purpose]}:<br /><code>${mail.code}</code><br />
        <span class="note"
          >good until
          <time datetime="${new Date(mail.expiresAt).toISOString()}"
            >${new Date(mail.expiresAt).toLocaleString('en-GB')}</time
          ></span
        >
      </li>`,
  )
  const main = html`<p class="note">
      For development only. Cruddur sends no mail from a laptop: what Amazon Cognito would send is here.
    </p>
    ${
      mails.length === 0
        ? html`<p>There is no code that is still good.</p>`
        : html`<ul>
            ${list}
          </ul>`
    }`
  return renderDocument('Mailbox', main, html`<p><a href="mailbox">Look again</a> · <a href="/">Go to the feed</a></p>`)
}

/** The interaction is not there any more, or is another browser's. */
export function renderGone(): string {
  const main = html`<p role="alert">This sign-in took too long, or is done already.</p>
    <p><a href="/api/auth/sign-in">Start again</a> or <a href="/">go to the feed</a>.</p>`
  return renderDocument('Start again', main)
}
