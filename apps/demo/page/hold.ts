/** The countdown of a hold. */
import { html } from './build.ts'
import { serverTime } from './request.ts'

/**
 * Makes the line about a hold: its minutes and seconds, and afterwards that every buyer can check the item out. The countdown stops
 * when the line leaves the page.
 */
export function holdLine(reserved_until: string): HTMLElement {
  const clock = html('time', { role: 'timer', 'aria-label': 'Time left' })
  const line = html('p', { class: 'hold' })
  const show = () => {
    const left_s = Math.floor((Date.parse(reserved_until) - serverTime()) / 1000)
    clock.textContent = `${Math.floor(left_s / 60)}:${String(left_s % 60).padStart(2, '0')}`
    if (left_s > 0) return true
    line.classList.add('over')
    line.replaceChildren('No longer held for you. It is yours if you check out first.')
    return false
  }
  line.append('Held for you for ', clock)
  if (show()) {
    const ticking = setInterval(() => {
      if (!line.isConnected || !show()) clearInterval(ticking)
    }, 1000)
  }
  return line
}
