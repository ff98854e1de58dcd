import { createHash } from 'node:crypto'

/** HTML that is safe to put into a page. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = Html | string | number | undefined | false | readonly Html[]

/** Makes HTML of a template: what is put in is text, unless it is HTML already. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((text, string, index) => text + show(parts[index - 1]) + string))
}

function show(part: Part): string {
  if (part === undefined || part === false) return ''
  if (part instanceof Html) return part.text
  if (Array.isArray(part)) return (part as readonly Html[]).map((one) => one.text).join('')
  return String(part).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

// The colours are those of the page.
const style = `
:root{color-scheme:light dark;--ground:light-dark(#f6f4fb,#131019);--glow:light-dark(#e3d9ff,#2b2050);--card:light-dark(#fff,#1d1926);
--edge:light-dark(#8d84a3,#6f6785);--text:light-dark(#1e1a2b,#ece8f6);--quiet:light-dark(#625b76,#a69dbb);
--accent:light-dark(#5b3cc4,#b7a2ff);--on-accent:light-dark(#fff,#1b1230);--last:light-dark(#b3202f,#ff8f96)}
*{box-sizing:border-box}
html{min-height:100%;background:radial-gradient(60rem 22rem at 50% -6rem,var(--glow),transparent) no-repeat var(--ground)}
body{margin:0 auto;padding:1.5rem 1rem 3rem;max-width:26rem;color:var(--text);
font:1rem/1.5 system-ui,'Segoe UI',Roboto,'Helvetica Neue',sans-serif;overflow-wrap:anywhere}
h1{margin:0 0 .75rem;font-size:1.375rem;letter-spacing:-.02em}
p{margin:0 0 1rem}
main{padding:1.5rem;border-radius:1rem;background:var(--card)}
a{color:var(--accent)}
.brand{display:inline-block;margin:0 0 1rem;color:var(--text);font-size:1.375rem;font-weight:750;letter-spacing:-.02em;text-decoration:none}
label{display:block;margin:0 0 .25rem;font-weight:600}
input{display:block;width:100%;margin:0 0 1rem;padding:.625rem .75rem;border:1px solid var(--edge);border-radius:.625rem;
background:transparent;color:inherit;font:inherit}
input[aria-invalid]{border-color:var(--last)}
.hint{display:block;margin:-.75rem 0 1rem;color:var(--quiet);font-size:.875rem}
button{width:100%;min-height:2.75rem;padding:.5rem 1rem;border:0;border-radius:.625rem;background:var(--accent);color:var(--on-accent);
font:inherit;font-weight:650;cursor:pointer}
button.plain{width:auto;min-height:1.5rem;padding:0;background:none;color:var(--accent);font-weight:400;text-decoration:underline}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
.problem{padding:.625rem .75rem;border-left:4px solid var(--last);border-radius:.25rem}
.note,footer{color:var(--quiet);font-size:.875rem}
footer{margin:1rem 0 0}
footer p{margin:0 0 .5rem}
li{margin:0 0 1rem}
ul{margin:0;padding:0;list-style:none}
code{font-size:1.25rem;letter-spacing:.1em}
`

// In one piece: the policy names its hash, and a space more would be another style.
const styleElement = new Html(`<style>${style}</style>`)
const styleHash = createHash('sha256').update(style).digest('base64')

/** The headers of such a page: no script, no picture, nothing from elsewhere. */
export const documentHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  // With no-referrer a browser would send Origin: null with the forms.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** A whole page that needs no script. The heading is the title unless another is given. */
export function renderDocument(title: string, main: Html, footer?: Html, heading = title): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Cruddur</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        ${styleElement}
      </head>
      <body>
        <header><a class="brand" href="/">Cruddur</a></header>
        <main>
          <h1>${heading}</h1>
          ${main}
        </main>
        ${footer && html`<footer>${footer}</footer>`}
      </body>
    </html> `.text
}
