import type { ComponentChildren } from 'preact'

interface Props {
  title: string
  children?: ComponentChildren
  /** Read aloud when it appears. */
  alert?: boolean
}

/** What stands where there is nothing else to see. */
export function Notice({ title, children, alert = false }: Props) {
  return (
    <div class="notice" role={alert ? 'alert' : undefined}>
      <h2>{title}</h2>
      {children}
    </div>
  )
}
