import type { Locale } from '../../http/locale.ts'

type Ask = { title: string; text: string; button: string; done: { title: string; text: string } }

/** The text of the pages behind the links of mails. */
export type Words = {
  verify_email: Ask
  unsubscribe: Ask
  reset_password: {
    title: string
    label: string
    hint: string
    button: string
    length: string
    weak: string
    done: { title: string; text: string }
  }
  failed: { title: string; token: string; email_taken: string; too_many: string }
}

export const mailPageWords: Record<Locale, Words> = {
  en: {
    verify_email: {
      title: 'Confirm your e-mail',
      text: 'Did you register, or ask for this address? If not, close this page: someone else would see what you ordered as a guest.',
      button: 'Confirm',
      done: { title: 'Your e-mail is confirmed', text: 'You can close this page and go back to the shop.' },
    },
    reset_password: {
      title: 'Set a new password',
      label: 'New password',
      hint: 'At least 8 characters. You are then signed out everywhere.',
      button: 'Set the password',
      length: 'The password must have 8 to 128 characters.',
      weak: 'This password is easy to guess. Choose another one.',
      done: { title: 'The new password is set', text: 'You are signed out everywhere. Sign in with the new password.' },
    },
    unsubscribe: {
      title: 'No more notices',
      text: 'You will still get mails about your orders and about the security of your account.',
      button: 'Unsubscribe',
      done: { title: 'You are unsubscribed', text: 'You can turn notices on again in your account.' },
    },
    failed: {
      title: 'This link does not work',
      token: 'It is wrong, was used before, or has expired. Ask for a new mail.',
      email_taken: 'Another account has this e-mail. Sign in to that account.',
      too_many: 'There were too many tries from your network. Try again in a few minutes.',
    },
  },
  de: {
    verify_email: {
      title: 'E-Mail-Adresse bestätigen',
      text: 'Haben Sie sich registriert oder diese Adresse gewünscht? Wenn nicht, schließen Sie die Seite: Jemand anderes sähe sonst, was Sie als Gast bestellt haben.',
      button: 'Bestätigen',
      done: { title: 'Ihre E-Mail-Adresse ist bestätigt', text: 'Sie können diese Seite schließen und zum Shop zurückkehren.' },
    },
    reset_password: {
      title: 'Neues Passwort festlegen',
      label: 'Neues Passwort',
      hint: 'Mindestens 8 Zeichen. Danach sind Sie überall abgemeldet.',
      button: 'Passwort festlegen',
      length: 'Das Passwort muss 8 bis 128 Zeichen haben.',
      weak: 'Dieses Passwort ist leicht zu erraten. Wählen Sie ein anderes.',
      done: { title: 'Das neue Passwort gilt', text: 'Sie sind überall abgemeldet. Melden Sie sich mit dem neuen Passwort an.' },
    },
    unsubscribe: {
      title: 'Keine Hinweise mehr',
      text: 'E-Mails zu Ihren Bestellungen und zur Sicherheit Ihres Kontos bekommen Sie weiterhin.',
      button: 'Abmelden',
      done: { title: 'Sie sind abgemeldet', text: 'In Ihrem Konto können Sie die Hinweise wieder einschalten.' },
    },
    failed: {
      title: 'Dieser Link funktioniert nicht',
      token: 'Er ist falsch, wurde schon benutzt oder ist abgelaufen. Fordern Sie eine neue E-Mail an.',
      email_taken: 'Ein anderes Konto hat diese E-Mail-Adresse. Melden Sie sich dort an.',
      too_many: 'Aus Ihrem Netz kamen zu viele Versuche. Versuchen Sie es in einigen Minuten noch einmal.',
    },
  },
}
