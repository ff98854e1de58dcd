import { basename, dirname } from 'node:path'

const home = dirname(import.meta.dirname)

/** Cruddur's own folder, whether the program runs as built, from `dist/`, or from its sources. */
export const folder = basename(home) === 'dist' ? dirname(home) : home
