import { closeSync, fdatasync, ftruncateSync, openSync, readFileSync, write } from 'node:fs'
import { promisify } from 'node:util'
import type { BankRecord } from './simulated_bank_records.ts'
import type { LedgerRecord } from './simulated_records.ts'

const writeTo = promisify(write)
const sync = promisify(fdatasync)

type LogRecord = LedgerRecord | BankRecord
/** A durable file of JSON lines. */
export type DurableLog = { records: LogRecord[]; append: (record: LogRecord) => Promise<void>; close: () => void }

/** Reads the file, truncates an incomplete last line of a killed writer, and appends after it. */
export function openDurableLog(path: string): DurableLog {
  const file = openSync(path, 'a+')
  const text = readFileSync(path, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  ftruncateSync(file, Buffer.byteLength(whole))
  const records = whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogRecord)
  let last: Promise<unknown> = Promise.resolve()
  let waiting: { lines: string; written: Promise<void> } | undefined
  // One write and one sync for all lines that arrived during the previous sync.
  const append = (record: LogRecord): Promise<void> => {
    if (!waiting) {
      const group = { lines: '', written: Promise.resolve() }
      group.written = last
        .catch(() => {})
        .then(async () => {
          waiting = undefined
          await writeTo(file, group.lines)
          await sync(file)
        })
      last = group.written
      waiting = group
    }
    waiting.lines += `${JSON.stringify(record)}\n`
    return waiting.written
  }
  return { records, append, close: () => closeSync(file) }
}

/** Returns the records of the bank, and all others. */
export function splitRecords(records: LogRecord[]): [BankRecord[], LedgerRecord[]] {
  const isOfBank = (record: LogRecord): record is BankRecord => ['transfer', 'reversal', 'payout'].includes(record.type)
  return [records.filter(isOfBank), records.filter((record): record is LedgerRecord => !isOfBank(record))]
}
