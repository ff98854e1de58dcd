import type { PrintSettings } from '../print/settings.ts'
import type { Printing } from '../script/answers.ts'

/** What prints results, and how: as the settings say, or as a fresh psql. */
export async function printWith(settings: PrintSettings | undefined) {
  const { printing, defaultSettings } = await loadPrinting()
  return { printing, settings: settings ?? { ...defaultSettings } }
}

const turnedLater: Printing['crosstab'] = async (...result) => {
  const { crosstab } = await import('../print/crosstab.ts')
  return crosstab(...result)
}

/** Loaded only where something is printed: it is large. */
async function loadPrinting() {
  const [{ createPrinter, formatTag, tagFollowsRows }, { changeSetting, defaultSettings }, { listSettings }] =
    await Promise.all([
      import('../print/result.ts'),
      import('../print/settings.ts'),
      import('../print/setting-words.ts'),
    ])
  const printing = { createPrinter, formatTag, tagFollowsRows, changeSetting, listSettings, crosstab: turnedLater }
  return { printing, defaultSettings }
}

/**
 * The settings of a fresh psql, with some changed as `\pset` changes them. Throws `script_failed` for what it does not know.
 * Loads what prints: whoever asks for it while a connection is made does not wait for that later.
 */
export async function readPrintSettings(
  changes: Readonly<Record<string, string>>,
  screenColumns = 0,
): Promise<PrintSettings> {
  const { printing, defaultSettings } = await loadPrinting()
  let settings: PrintSettings = { ...defaultSettings, screenColumns }
  for (const [name, value] of Object.entries(changes)) settings = printing.changeSetting(settings, name, value).settings
  return settings
}
