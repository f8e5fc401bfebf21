/** The cards of the simulated payment provider. Their tokens decide the outcome. */
import { html } from './build.ts'

const METHODS = [
  { token: 'pm_card_visa', name: 'Visa', outcome: 'is paid' },
  { token: 'pm_card_threeDSecure2Required', name: 'Visa with 3-D Secure', outcome: 'asks you to confirm' },
  { token: 'pm_card_chargeDeclined', name: 'Empty card', outcome: 'is declined' },
  { token: 'pm_card_timeout', name: 'Slow bank', outcome: 'decides later' },
  { token: 'pm_card_error', name: 'Broken line', outcome: 'cannot be reached' },
]

/** Makes the choice of the card. */
export function paymentMethods(): HTMLElement {
  const choices = METHODS.map(({ token, name, outcome }, i) =>
    html(
      'label',
      { class: 'card-choice' },
      html('input', { type: 'radio', name: 'payment_method', value: token, checked: i === 0 }),
      html('span', {}, html('b', {}, name), html('span', { class: 'soft' }, outcome)),
    ),
  )
  const note = html('p', { class: 'soft' }, 'These cards are simulated. No money moves.')
  return html('fieldset', { class: 'card-choices' }, html('legend', { class: 'unseen' }, 'Card'), note, ...choices)
}
