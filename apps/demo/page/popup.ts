/** The list popup of a combobox: its options and the active one. Focus stays in the box. */

export type Popup<T> = {
  /** Shows these rows, without an active option. Hides the popup if there are no options. */
  show: (rows: HTMLElement[], options: { element: HTMLElement; value: T }[]) => void
  close: () => void
  isOpen: () => boolean
  /** Activates the next option (1) or the previous one (-1). Between the last and the first, the box is active. */
  step: (by: 1 | -1) => void
  /** Returns the value of the active option, or undefined. */
  active: () => T | undefined
  /** Returns the value of the option that contains this element, or undefined. */
  at: (element: Element) => T | undefined
}

export function openPopup<T>(box: HTMLInputElement, list: HTMLElement): Popup<T> {
  let options: { element: HTMLElement; value: T }[] = []
  let active = -1

  const activate = (index: number) => {
    options[active]?.element.setAttribute('aria-selected', 'false')
    active = index
    const chosen = options[active]?.element
    chosen?.setAttribute('aria-selected', 'true')
    chosen?.scrollIntoView({ block: 'nearest' })
    if (chosen) box.setAttribute('aria-activedescendant', chosen.id)
    else box.removeAttribute('aria-activedescendant')
  }
  const show: Popup<T>['show'] = (rows, offered) => {
    activate(-1)
    options = offered
    list.replaceChildren(...rows)
    list.hidden = options.length === 0
    box.setAttribute('aria-expanded', String(options.length > 0))
  }
  return {
    show,
    close: () => show([], []),
    isOpen: () => options.length > 0,
    step: (by) => activate(((active + 1 + by + options.length + 1) % (options.length + 1)) - 1),
    active: () => options[active]?.value,
    at: (element) => options.find((option) => option.element.contains(element))?.value,
  }
}
