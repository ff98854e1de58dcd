/** The commands of psql that are about a pipeline, and send no statement. */
export const pipelineCommands: ReadonlySet<string> = new Set([
  'startpipeline',
  'endpipeline',
  'syncpipeline',
  'flush',
  'flushrequest',
  'getresults',
])
