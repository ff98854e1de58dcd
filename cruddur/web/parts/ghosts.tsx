/** Where something will be. */
export function Ghosts() {
  return [1, 2, 3].map((each) => <li key={each} class="card ghost" aria-hidden="true" />)
}
