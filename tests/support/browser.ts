import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'
import { onTestFinished } from 'vitest'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Opens a real browser for a test, as `launchBrowser` does. */
export async function openBrowser(): Promise<Browser | undefined> {
  const browser = await launchBrowser()
  if (browser !== undefined) onTestFinished(() => browser.close())
  return browser
}

/**
 * Opens a real browser. Where there is none, says how to get one and returns undefined; under CI that is an error.
 * npm test installs Chromium where it may. Whoever calls it closes it.
 */
export async function launchBrowser(): Promise<Browser | undefined> {
  const executablePath = places.find((place) => existsSync(place))
  if (executablePath === undefined) {
    const sentence = `The page was not tested: there is no Chromium at ${places.join(', ')}. Debian, Ubuntu: apt-get install chromium.`
    if (process.env.CI) throw new Error(sentence)
    console.warn(sentence)
    return undefined
  }
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
