// Object identifiers, as they are encoded. MD5 and SHA-1 are replaced by SHA-256: RFC 5929, section 4.1.
const rsa = '2a864886f70d0101'
const ecdsa = '2a8648ce3d04'
const sha2 = '6086480165030402'
const pss = `${rsa}0a`
const hashOfSignature = new Map([
  [`${rsa}04`, 'sha256'],
  [`${rsa}05`, 'sha256'],
  [`${rsa}0b`, 'sha256'],
  [`${rsa}0c`, 'sha384'],
  [`${rsa}0d`, 'sha512'],
  [`${rsa}0e`, 'sha224'],
  [`${ecdsa}01`, 'sha256'],
  [`${ecdsa}0301`, 'sha224'],
  [`${ecdsa}0302`, 'sha256'],
  [`${ecdsa}0303`, 'sha384'],
  [`${ecdsa}0304`, 'sha512'],
])
const hashOfPss = new Map([
  [`${sha2}01`, 'sha256'],
  [`${sha2}02`, 'sha384'],
  [`${sha2}03`, 'sha512'],
  [`${sha2}04`, 'sha224'],
])

/**
 * Finds the hash function of a certificate's signature: `tls-server-end-point` hashes the certificate with it. Undefined
 * where it is not known, or the signature has none of its own (Ed25519). RFC 5929, 4.1; RFC 5280, 4.1; RFC 4055.
 */
export function signatureHash(certificate: Buffer): string | undefined {
  // Certificate: what is signed, the algorithm, the signature. The algorithm: its identifier, and parameters.
  const [identifier, parameters] = elements(elements(elements(certificate)[0])[1])
  const name = identifier?.toString('hex') ?? ''
  if (name !== pss) return hashOfSignature.get(name)
  // The parameters of RSASSA-PSS: the first one, tagged, is the hash. Without it, it is SHA-1.
  const [tagged] = elements(parameters)
  const [hash] = elements(elements(tagged)[0])
  return hash ? hashOfPss.get(hash.toString('hex')) : 'sha256'
}

/** The contents of the DER elements that a content is made of. */
function elements(content: Buffer | undefined): Buffer[] {
  const found: Buffer[] = []
  if (!content) return found
  for (let at = 0; at + 2 <= content.length;) {
    let length = content[at + 1] ?? 0
    at += 2
    if (length >= 0x80) {
      const digits = Math.min(length & 0x7f, 4)
      if (digits === 0 || at + digits > content.length) break
      length = content.readUIntBE(at, digits)
      at += digits
    }
    found.push(content.subarray(at, at + length))
    at += length
  }
  return found
}
