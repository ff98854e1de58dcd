import { shortcuts, shortcutsOn, switchShortcuts } from '../shortcuts.ts'
import { useSource } from '../source.ts'
import { Dialog, closeDialog } from './dialog.tsx'

/** Which letters do something. */
export function HelpDialog() {
  const on = useSource(shortcutsOn)
  return (
    <Dialog title="Keyboard shortcuts">
      <dl class="shortcuts">
        {shortcuts.map(([key, words]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <label class="choice">
        <input type="checkbox" checked={on} onChange={switchShortcuts} />
        Single keys do something
      </label>
      <div class="buttons">
        <button type="button" class="button" onClick={closeDialog}>
          Close
        </button>
      </div>
    </Dialog>
  )
}
