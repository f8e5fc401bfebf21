/** The dialog that begins a session. */
import { html } from './build.ts'
import { type Person, register, signIn } from './buying.ts'
import { inputFor, whenSubmitted } from './form.ts'

type Way = { key: string; label: string; submit: string; needs: (keyof Person)[]; begin: (person: Person) => Promise<void> }

const WAYS: Way[] = [
  { key: 'sign_in', label: 'Sign in', submit: 'Sign in', needs: ['password'], begin: signIn },
  { key: 'register', label: 'New here', submit: 'Register', needs: ['password', 'display_name'], begin: register },
]

/** Opens the dialog, with a reason for it. Resolves to true once a session has begun, to false if the visitor closes the dialog. */
export function askToSignIn(reason: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const submit = html('button', { class: 'strong', type: 'submit' })
  const cancel = html('button', { class: 'quiet', type: 'button' }, 'Not now')
  const form = html('form', {}, ...fields(), submit, cancel)
  const dialog = html(
    'dialog',
    { class: 'sign-in', 'aria-labelledby': 'sign-in-title' },
    html('h2', { id: 'sign-in-title' }, 'Welcome'),
    html('p', { class: 'soft' }, reason),
    form,
  )
  let way = WAYS[0] as Way
  const choose = () => {
    way = WAYS.find(({ key }) => key === new FormData(form).get('way')) as Way
    submit.textContent = way.submit
    for (const name of ['password', 'display_name'] as const) {
      const input = form.elements.namedItem(name) as HTMLInputElement
      const is_needed = way.needs.includes(name)
      input.disabled = !is_needed
      ;(input.closest('.field') as HTMLElement).hidden = !is_needed
      if (name === 'password') input.autocomplete = way.key === 'register' ? 'new-password' : 'current-password'
    }
  }
  let has_begun = false
  whenSubmitted(form, submit, async () => {
    await way.begin(Object.fromEntries(new FormData(form)) as Person)
    has_begun = true
    dialog.close()
  })
  form.addEventListener('change', choose)
  cancel.addEventListener('click', () => dialog.close())
  dialog.addEventListener('close', () => {
    dialog.remove()
    resolve(has_begun)
  })
  choose()
  document.body.append(dialog)
  dialog.showModal()
  ;(form.elements.namedItem('email') as HTMLInputElement).focus()
  return promise
}

function fields(): HTMLElement[] {
  const ways = WAYS.map(({ key, label }, i) =>
    html('label', {}, html('input', { type: 'radio', name: 'way', value: key, checked: i === 0 }), html('span', {}, label)),
  )
  return [
    html('fieldset', { class: 'ways-in' }, html('legend', { class: 'unseen' }, 'How to continue'), ...ways),
    inputFor({
      label: 'E-mail',
      name: 'email',
      attributes: { type: 'email', required: true, autocomplete: 'username', maxlength: 254 },
    }),
    inputFor({ label: 'Your name', name: 'display_name', attributes: { required: true, autocomplete: 'name', maxlength: 100 } }),
    inputFor({ label: 'Password', name: 'password', attributes: { type: 'password', required: true, maxlength: 128 } }),
  ]
}
