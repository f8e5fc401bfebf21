/** The dialog that begins a session. */
import { html, whenClicked } from './build.ts'
import { askForReset, beAGuest, type Person, register, signIn } from './buying.ts'
import { inputFor, problemFor, whenSubmitted } from './form.ts'
import { Refusal } from './request.ts'

type Way = {
  label: string
  submit: string
  /** The fields beside the e-mail. */
  needs: (keyof Person)[]
  begin: (person: Person) => Promise<void>
}

const WAYS = {
  guest: { label: 'As a guest', submit: 'Go on', needs: [], begin: beAGuest },
  sign_in: { label: 'Sign in', submit: 'Sign in', needs: ['password'], begin: signIn },
  register: { label: 'New here', submit: 'Register', needs: ['password', 'display_name'], begin: register },
} satisfies Record<string, Way>
type WayName = keyof typeof WAYS

/**
 * Opens the dialog, with a reason for it and its first way. Resolves to true once a session has begun, to false if the visitor closes
 * the dialog.
 */
export function askToSignIn(reason: string, first: WayName): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const submit = html('button', { class: 'strong', type: 'submit' })
  const cancel = html('button', { class: 'quiet', type: 'button' }, 'Not now')
  const form = html('form', {}, ...fields(first), submit, cancel)
  const forgotten = forgottenButton(form)
  const dialog = html(
    'dialog',
    { 'aria-labelledby': 'sign-in-title' },
    html('h2', { id: 'sign-in-title' }, 'Welcome'),
    html('p', { class: 'soft' }, reason),
    form,
  )
  let way: Way = WAYS[first]
  const choose = () => {
    way = WAYS[new FormData(form).get('way') as WayName]
    submit.textContent = way.submit
    showFields(form, way.needs)
    forgotten.hidden = way !== WAYS.sign_in
    inputOf(form, 'password').autocomplete = way.needs.includes('display_name') ? 'new-password' : 'current-password'
  }
  let has_begun = false
  whenSubmitted(form, submit, async () => {
    await way.begin(Object.fromEntries(new FormData(form)) as Person).catch((error) => {
      if (error instanceof Refusal && error.code === 'second_factor_required') showFields(form, [...way.needs, 'code'])
      throw error
    })
    has_begun = true
    dialog.close()
  })
  for (const radio of form.querySelectorAll('[name=way]')) radio.addEventListener('change', choose)
  cancel.addEventListener('click', () => dialog.close())
  dialog.addEventListener('close', () => {
    dialog.remove()
    resolve(has_begun)
  })
  choose()
  document.body.append(dialog)
  dialog.showModal()
  inputOf(form, 'email').focus()
  return promise
}

/** Shows the e-mail and these fields, and leaves the others out of what is sent. */
function showFields(form: HTMLFormElement, needed: (keyof Person)[]): void {
  for (const name of ['password', 'display_name', 'code'] as const) {
    const input = inputOf(form, name)
    input.disabled = !needed.includes(name)
    ;(input.closest('.field') as HTMLElement).hidden = input.disabled
  }
}

function inputOf(form: HTMLFormElement, name: keyof Person): HTMLInputElement {
  return form.elements.namedItem(name) as HTMLInputElement
}

/** Adds the button for a forgotten password below the password. It needs the e-mail. */
function forgottenButton(form: HTMLFormElement): HTMLButtonElement {
  const button = html('button', { class: 'plain', type: 'button' }, 'Forgot the password?')
  const told = html('div', { role: 'status' })
  inputOf(form, 'password').closest('.field')?.append(button, told)
  whenClicked(button, async () => {
    const email = inputOf(form, 'email')
    if (!email.reportValidity()) return
    const sent = 'If the address has an account, a mail with a link is on its way.'
    told.replaceChildren(await askForReset(email.value).then(() => sent, problemFor))
  })
  return button
}

function fields(first: WayName): HTMLElement[] {
  const ways = Object.entries(WAYS).map(([name, { label }]) =>
    html(
      'label',
      {},
      html('input', { type: 'radio', name: 'way', value: name, checked: name === first }),
      html('span', {}, label),
    ),
  )
  const input = (label: string, name: keyof Person, attributes: object) =>
    inputFor({ label, name, attributes: { required: true, ...attributes } })
  return [
    html('fieldset', { class: 'ways-in' }, html('legend', { class: 'unseen' }, 'How to continue'), ...ways),
    input('E-mail', 'email', { type: 'email', autocomplete: 'username', maxlength: 254 }),
    input('Your name', 'display_name', { autocomplete: 'name', maxlength: 100 }),
    input('Password', 'password', { type: 'password', maxlength: 128 }),
    input('Code of your app, or a recovery code', 'code', { autocomplete: 'one-time-code', maxlength: 100 }),
  ]
}
