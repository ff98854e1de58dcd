const longest = 1_024

/** Where to go after a sign-in: a path of ours, whatever was asked for. Anything else becomes the front page. */
export function safeReturnTo(wanted: unknown, publicUrl: URL): string {
  // Browsers read a backslash as a slash, and leave tabs and line ends out: both make another host of a path.
  if (typeof wanted !== 'string' || wanted.length > longest || !/^\/(?!\/)[^\\\u0000-\u0020\u007f]*$/.test(wanted))
    return '/'
  if (!URL.canParse(wanted, publicUrl.href)) return '/'
  const url = new URL(wanted, publicUrl)
  if (url.origin !== publicUrl.origin || url.pathname.startsWith('//')) return '/'
  // To the API nobody goes by hand, and /api/auth/sign-in would send them round in circles.
  return /^\/(?:api|oidc)(?:\/|$)/.test(url.pathname) ? '/' : `${url.pathname}${url.search}${url.hash}`
}
