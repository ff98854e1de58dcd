import { dialog, type DialogState } from '../dialogs.ts'
import { useSource } from '../source.ts'
import { BlockDialog } from './block-dialog.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { HelpDialog } from './help-dialog.tsx'
import { MoreDialog } from './more-dialog.tsx'
import { ReportDialog } from './report-dialog.tsx'
import { SignInDialog } from './sign-in-dialog.tsx'

/** The dialog that is open, if one is. */
export function DialogHost() {
  const state = useSource(dialog)
  return state === undefined ? null : <Which key={state.kind} state={state} />
}

function Which({ state }: { state: DialogState }) {
  switch (state.kind) {
    case 'more':
      return <MoreDialog uuid={state.uuid} />
    case 'report':
      return <ReportDialog uuid={state.uuid} />
    case 'delete':
      return <DeleteDialog uuid={state.uuid} />
    case 'block':
      return <BlockDialog {...state} />
    case 'sign-in':
      return <SignInDialog to={state.to} />
    case 'help':
      return <HelpDialog />
  }
}
