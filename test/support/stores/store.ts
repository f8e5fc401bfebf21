/** Something of the outside that a suite needs: `provide` finds or starts it, and answers null where it cannot be had. */
export type Store = { name: string; provide: () => Promise<ProvidedStore | null> }

/** The variables by which tests find the store, and how to end what was started for it. */
export type ProvidedStore = { variables: Record<string, string>; stop: () => Promise<void> }
