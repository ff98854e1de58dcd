// npm start: Cruddur on the embedded server, from nothing.
await import('./ready.mjs')
await import('../cruddur/dist/start.js')
