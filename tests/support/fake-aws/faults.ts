/** An error as the SDK throws it. */
export function fault(name: string, message: string, httpStatusCode = 400): Error {
  return Object.assign(new Error(message), {
    name,
    $fault: httpStatusCode < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode, requestId: '00000000-0000-4000-8000-000000000000', attempts: 1 },
  })
}
