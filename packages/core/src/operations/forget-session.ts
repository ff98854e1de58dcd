/** What one script has set and made in its session is not for the next. DISCARD ALL would give up advisory locks, too. */
export const forgetSession =
  'set session authorization default; reset all; deallocate all; close all; unlisten *; discard temp; discard sequences'
