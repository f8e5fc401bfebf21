/** Forms: labeled fields, and errors of the API beside them. */
import { html } from './build.ts'
import { Refusal } from './request.ts'

type Field = {
  label: string
  name: string
  /** The JSON pointer of the value in the body of the call, which names the field in an error. */
  pointer?: string
  value?: string
  attributes?: Record<string, string | number | boolean | null>
}

let made = 0

/** Makes a labeled input with a place for its error. The browser checks `required` and `type`, the API everything else. */
export function inputFor({ label, name, pointer = `#/${name}`, value = '', attributes = {} }: Field): HTMLElement {
  return withLabel(label, pointer, html('input', { name, value, ...attributes }))
}

/** Puts a label over a control, and a place for its error under it. */
export function withLabel(label: string, pointer: string, control: HTMLElement): HTMLElement {
  const id = `field-${++made}`
  control.id = id
  control.dataset.pointer = pointer
  control.setAttribute('aria-describedby', `${id}-error`)
  const error = html('p', { class: 'field-error', id: `${id}-error` })
  return html('div', { class: 'field' }, html('label', { for: id }, label), control, error)
}

/** Calls `act` when the form is submitted. While it runs, the button is busy. Its error appears in the form. */
export function whenSubmitted(form: HTMLFormElement, button: HTMLButtonElement, act: () => Promise<void>): void {
  const problem = html('div', { class: 'problem', role: 'alert', hidden: true })
  button.before(problem)
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (button.ariaBusy === 'true') return
    button.ariaBusy = 'true'
    problem.hidden = true
    markFields(form, [])
    try {
      await act()
    } catch (error) {
      const is_marked = error instanceof Refusal && markFields(form, error.errors)
      fillProblem(problem, is_marked ? new Error('Please correct the marked fields.') : error)
    } finally {
      button.ariaBusy = 'false'
    }
  })
}

/** Makes a box with the words of an error, which a screen reader speaks at once. */
export function problemFor(error: unknown): HTMLElement {
  const box = html('div', { class: 'problem', role: 'alert' })
  fillProblem(box, error)
  return box
}

function fillProblem(box: HTMLElement, error: unknown): void {
  const lines = error instanceof Refusal ? error.errors.map(({ detail }) => detail) : []
  const others = lines.filter((line) => line !== (error as Refusal).message)
  const list = others.length > 0 ? html('ul', {}, ...others.map((line) => html('li', {}, line))) : null
  box.replaceChildren(html('p', {}, sentenceOf(error)), ...(list ? [list] : []))
  box.hidden = false
}

/** Returns an error as a sentence. The API's `detail` is one. */
function sentenceOf(error: unknown): string {
  if (error instanceof Refusal) return error.status < 500 ? error.message : `${error.message} (For support: ${error.request_id})`
  const is_lost = error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError')
  return is_lost ? 'The market does not respond. Your network may be down. Please try again.' : (error as Error).message
}

/** Makes a sentence of an error of a field. Some are sentences already, others begin with their verb: `must be …`. */
function sentenceFor(detail: string): string {
  return /^[a-z]/.test(detail) ? `This ${detail}.` : detail
}

/** Writes each error beside its field and focuses the first of these fields. Returns whether there is one. */
function markFields(form: HTMLFormElement, errors: { pointer: string; detail: string }[]): boolean {
  const marked = [...form.querySelectorAll<HTMLElement>('[data-pointer]')].filter((control) => {
    const error = errors.find(({ pointer }) => pointer === control.dataset.pointer)
    control.ariaInvalid = error ? 'true' : null
    const place = document.getElementById(`${control.id}-error`)
    if (place) place.textContent = error ? sentenceFor(error.detail) : ''
    return error !== undefined
  })
  marked[0]?.focus()
  return marked.length > 0
}
