/** The files by which an operator pays shops: a table, or a credit transfer for a bank (ISO 20022 pain.001.001.09). */

/** `amount` and `total` are US dollars as decimal strings. `total` is the sum of all payouts of the file. */
export type ManualPayout = {
  payout_id: number
  shop_id: number
  holder_name: string
  iban: string
  amount: string
  created_at: Date
  total: string
}
/** Whose account the money is from. */
export type Debtor = { name: string; iban: string }

const COLUMNS = ['payout_id', 'shop_id', 'holder_name', 'iban', 'amount', 'currency', 'created_at']

/** Returns the payouts as CSV (RFC 4180), with quotes around each value. */
export function renderCsv(payouts: ManualPayout[]): string {
  const lines = payouts.map(({ payout_id, shop_id, holder_name, iban, amount, created_at }) =>
    [String(payout_id), String(shop_id), holder_name, iban, amount, 'USD', created_at.toISOString()].map(quoteCell).join(','),
  )
  return [COLUMNS.join(','), ...lines, ''].join('\r\n')
}

/** Spreadsheets run a cell that begins with one of these as a formula, also inside quotes. A leading ' makes it text (OWASP). */
function quoteCell(text: string): string {
  return `"${text.replace(/^(?=[=+\-@\t\r])/, "'").replaceAll('"', '""')}"`
}

/**
 * Returns the payouts as a credit transfer. Its elements have the order of the schema. A repeated file has the same `message_id`,
 * and each payment the same end-to-end id, which is that of the payout. Many banks reject a message id that they had before, for
 * some days or weeks; others compare the content, or nothing. So an operator asks the bank before a file goes there again. The
 * amounts are US dollars, so it is no SEPA transfer until the bank has converted them: SEPA knows euros alone.
 */
export function renderPain001(payouts: ManualPayout[], debtor: Debtor, message_id: string, now: Date): string {
  const total = payouts[0]?.total ?? '0.00'
  const sums = `<NbOfTxs>${payouts.length}</NbOfTxs><CtrlSum>${total}</CtrlSum>`
  const party = (name: string) => `<Nm>${xmlText(name, 70)}</Nm>`
  const account = (iban: string) => `<Id><IBAN>${xmlText(iban, 34)}</IBAN></Id>`
  const id = xmlText(message_id, 35)
  const transfers = payouts.map(
    ({ payout_id, holder_name, iban, amount }) => `      <CdtTrfTxInf>
        <PmtId><EndToEndId>${payout_id}</EndToEndId></PmtId>
        <Amt><InstdAmt Ccy="USD">${amount}</InstdAmt></Amt>
        <Cdtr>${party(holder_name)}</Cdtr>
        <CdtrAcct>${account(iban)}</CdtrAcct>
        <RmtInf><Ustrd>Payout ${payout_id}</Ustrd></RmtInf>
      </CdtTrfTxInf>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">
  <CstmrCdtTrfInitn>
    <GrpHdr>
      <MsgId>${id}</MsgId>
      <CreDtTm>${now.toISOString()}</CreDtTm>
      ${sums}
      <InitgPty>${party(debtor.name)}</InitgPty>
    </GrpHdr>
    <PmtInf>
      <PmtInfId>${id}</PmtInfId>
      <PmtMtd>TRF</PmtMtd>
      ${sums}
      <ReqdExctnDt><Dt>${now.toISOString().slice(0, 10)}</Dt></ReqdExctnDt>
      <Dbtr>${party(debtor.name)}</Dbtr>
      <DbtrAcct>${account(debtor.iban)}</DbtrAcct>
      <DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>
      <ChrgBr>SLEV</ChrgBr>
${transfers.join('\n')}
    </PmtInf>
  </CstmrCdtTrfInitn>
</Document>
`
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** Escapes a text, and drops what XML 1.0 cannot hold. */
function xmlText(text: string, max_characters: number): string {
  const kept = [...text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')]
    .slice(0, max_characters)
    .join('')
  return kept.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
