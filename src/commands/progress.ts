import { Presets, SingleBar } from 'cli-progress'

/** Shows how far a command is. `note` prints a line above the bar. */
export type Progress = { update: (done: number, figures: string) => void; note: (line: string) => void; end: () => void }

/** The pause between two lines without a terminal for a bar. */
const LINE_EVERY_MS = 2000

/**
 * Opens a bar on a terminal, or prints a plain line every two seconds. Both write to standard error, so that the result can be
 * piped.
 */
export function openProgress(total: number, label: string): Progress {
  return process.stderr.isTTY ? openBar(total, label) : openLines(total, label)
}

function openBar(total: number, label: string): Progress {
  const format = `${label} {bar} {percentage} %  {figures}`
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true, clearOnComplete: false }, Presets.shades_classic)
  bar.start(Math.max(total, 1), 0, { figures: '' })
  return {
    update: (done, figures) => bar.update(Math.min(done, total), { figures }),
    // Writes over the bar, which draws itself again at its next update.
    note: (line) => void process.stderr.write(`\r\x1b[K${line}\n`),
    end: () => bar.stop(),
  }
}

function openLines(total: number, label: string): Progress {
  let last = performance.now()
  return {
    update: (done, figures) => {
      if (performance.now() - last < LINE_EVERY_MS) return
      last = performance.now()
      console.error(`${label} ${Math.floor((100 * done) / Math.max(total, 1))} %  ${figures}`)
    },
    note: (line) => console.error(line),
    end: () => {},
  }
}
