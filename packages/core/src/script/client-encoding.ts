/** PostgreSQL's names of encodings, and how WHATWG calls them. Those that Node cannot decode are missing. */
const labels: Readonly<Record<string, string>> = {
  LATIN1: 'iso-8859-1',
  LATIN2: 'iso-8859-2',
  LATIN3: 'iso-8859-3',
  LATIN4: 'iso-8859-4',
  LATIN5: 'iso-8859-9',
  LATIN6: 'iso-8859-10',
  LATIN7: 'iso-8859-13',
  LATIN8: 'iso-8859-14',
  LATIN9: 'iso-8859-15',
  LATIN10: 'iso-8859-16',
  ISO_8859_5: 'iso-8859-5',
  ISO_8859_6: 'iso-8859-6',
  ISO_8859_7: 'iso-8859-7',
  ISO_8859_8: 'iso-8859-8',
  KOI8R: 'koi8-r',
  KOI8U: 'koi8-u',
  WIN866: 'ibm866',
  WIN874: 'windows-874',
  WIN1250: 'windows-1250',
  WIN1251: 'windows-1251',
  WIN1252: 'windows-1252',
  WIN1253: 'windows-1253',
  WIN1254: 'windows-1254',
  WIN1255: 'windows-1255',
  WIN1256: 'windows-1256',
  WIN1257: 'windows-1257',
  WIN1258: 'windows-1258',
  BIG5: 'big5',
  EUC_JP: 'euc-jp',
  EUC_KR: 'euc-kr',
  EUC_CN: 'gb2312',
  GBK: 'gbk',
  GB18030: 'gb18030',
  SJIS: 'shift_jis',
}

/** Turns values into UTF-8 that come in the encoding that a script has set; undefined where they are in it already. */
export function makeDecoder(clientEncoding: string | undefined): ((value: Buffer) => Buffer) | undefined {
  const label = labels[clientEncoding ?? 'UTF8']
  if (label === undefined) return undefined
  const decoder = new TextDecoder(label)
  return (value) => Buffer.from(decoder.decode(value))
}
