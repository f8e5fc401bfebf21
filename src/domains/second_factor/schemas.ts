import { Type } from '@sinclair/typebox'
import { Strict, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'
import { Code } from '../users/schemas.ts'

const CurrentPassword = withExample(Text(0, 128, 'The current password.'), 'correct horse battery')

export const SecondFactorInput = Strict({ password: CurrentPassword }, { $id: 'SecondFactorInput' })
export const SecondFactorConfirmation = Strict({ code: Code }, { $id: 'SecondFactorConfirmation' })
export const SecondFactorRemoval = Strict({ password: CurrentPassword, code: Code }, { $id: 'SecondFactorRemoval' })
export const SecondFactor = Strict(
  {
    secret: withExample(
      Type.String({ description: 'For an app that cannot read `otpauth_url`. Base32.' }),
      'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    ),
    otpauth_url: withExample(
      Type.String({ description: 'Show it as a QR code. Authenticator apps scan it.' }),
      'otpauth://totp/Stallwright:ann%40example.com?issuer=Stallwright&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' +
        '&algorithm=SHA1&digits=6&period=30',
    ),
    recovery_codes: withExample(
      Type.Array(Type.String(), { description: 'Each replaces one code, if the app is lost. To be kept on paper.' }),
      ['c4dq-x3ha-6fpm-t2ke'],
    ),
  },
  { $id: 'SecondFactor' },
)
