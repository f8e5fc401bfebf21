import type { ProblemCode } from '../../platform/problem.ts'

/** The meaning of a problem, and what the caller can do next. */
export type ProblemWords = { meaning: string; remedy: string }

/** The text of the page `/problems/<code>`, for each code of src/platform/problem.ts. */
export const problemWords: Record<ProblemCode, ProblemWords> = {
  if_match_invalid: {
    meaning: 'The If-Match header is not a list of entity tags.',
    remedy: 'Send the ETag as you read it, with its double quotes: If-Match: "774-1". Or send * for any version.',
  },
  malformed_json: {
    meaning: 'The body is not valid JSON, or it is incomplete.',
    remedy: 'Send one JSON object in UTF-8, with Content-Type: application/json.',
  },
  invalid_query: {
    meaning: 'The call has no query parameter of this name. errors names the parameter.',
    remedy: 'Check the spelling in the API reference, or leave the parameter out.',
  },
  idempotency_key_missing: {
    meaning: 'This call moves money, so it requires an Idempotency-Key. The server did nothing.',
    remedy: 'Send an Idempotency-Key of your own, such as a UUID. Use the same key when you send the same order again.',
  },
  idempotency_key_invalid: {
    meaning: 'The Idempotency-Key is empty, too long, or has characters that are not printable ASCII.',
    remedy: 'Send 1 to 255 printable ASCII characters. A UUID is fine.',
  },
  invalid_signature: {
    meaning: 'The signature is not from the payment provider, or it is too old.',
    remedy: 'Only the payment provider makes this call. Operators: check the signing secret and the clock.',
  },
  unauthorized: {
    meaning: 'The call requires a session. The token is missing, expired or signed out.',
    remedy: 'Sign in with POST /v1/sessions and send the token: Authorization: Bearer sw_….',
  },
  invalid_credentials: {
    meaning: 'No account has this e-mail with this password, or the code of its second factor is wrong or was used.',
    remedy: 'Check them. After several wrong passwords the account must wait, see Retry-After.',
  },
  second_factor_required: {
    meaning: 'E-mail and password match, but the account also requires a code.',
    remedy: 'Repeat the sign-in with code: the six digits of the authenticator app, or a recovery code.',
  },
  payment_declined: {
    meaning: 'The payment provider declined the payment. Nothing was charged, and the items are back in the cart.',
    remedy: 'Check out again with another payment method and a new Idempotency-Key.',
  },
  not_owner: {
    meaning: 'The resource belongs to another account.',
    remedy: 'Sign in as the owner. Only the seller can change a shop and its listings.',
  },
  not_found: {
    meaning: 'The path or the resource does not exist. An archived listing is hidden, too.',
    remedy: 'Check the path and the id. The API reference has every path.',
  },
  method_not_allowed: {
    meaning: 'The path exists, but not with this method.',
    remedy: 'Use a method from the Allow header.',
  },
  request_timeout: {
    meaning: 'The body did not arrive in time. The server did nothing and closed the connection.',
    remedy: 'Send the call again, over a faster connection if you can.',
  },
  email_taken: {
    meaning: 'An account with this e-mail already exists.',
    remedy: 'Sign in to that account, or register with another e-mail.',
  },
  email_unverified: {
    meaning: 'The call needs an account whose e-mail is verified. A guest has no account.',
    remedy:
      'Open the link that was mailed to you, or ask for a new one with POST /v1/email-verifications. Guests register first.',
  },
  second_factor_exists: {
    meaning: 'The account already has a second factor.',
    remedy: 'Remove it with DELETE /v1/me/second-factor and a code of it, then add the new one.',
  },
  insufficient_stock: {
    meaning: 'The shop has fewer units than the request. available is the number of units.',
    remedy: 'Request that many or fewer. At 0 the listing is sold out.',
  },
  own_item: {
    meaning: 'The item is from your own shop. Sellers cannot buy from themselves.',
    remedy: 'Remove the item from the cart, or use another account to test a purchase.',
  },
  not_shippable: {
    meaning: 'The shop does not send the item to the country of the address. errors names each such line.',
    remedy: 'Remove these lines, or send the order to another country. GET /v1/cart?country= shows which lines it reaches.',
  },
  default_needs_world: {
    meaning: 'The default shipping profile keeps a rate to world, because it is the shipping of the shop.',
    remedy: 'Send a rate to world, too. To send some products to fewer countries, give them a profile of their own.',
  },
  ambiguous_line: {
    meaning: 'The cart has several lines of the product. line_ids has the id of each.',
    remedy: 'Change or remove one of them at /v1/cart/lines/{line_id}.',
  },
  cart_full: {
    meaning: 'The cart has its maximum of different items, which is limit.',
    remedy: 'Check out, or remove an item first.',
  },
  too_many_reservations: {
    meaning: 'The buyer holds the maximum number of items, which is limit.',
    remedy: 'Check out, remove an item, or wait until a hold ends.',
  },
  item_reserved: {
    meaning: 'Another buyer holds the last units until reserved_until.',
    remedy: 'Try again after that time. If the other buyer pays, the item is sold out.',
  },
  item_held: {
    meaning:
      'A buyer holds the listing or the variant until reserved_until, or is paying for it, so the seller cannot make this change yet.',
    remedy: 'Repeat the change after that time.',
  },
  shop_on_vacation: {
    meaning: 'The shop is on vacation and sells nothing.',
    remedy: 'Remove its items from the cart, or try again after the vacation.',
  },
  cart_empty: {
    meaning: 'The cart has no item that can be ordered.',
    remedy: 'Add an item with POST /v1/cart/items.',
  },
  price_changed: {
    meaning:
      'The total differs from expected_total. Without expected_total: a seller raised a price, or an item left the cart. ' +
      'Nothing was charged. total is the new total.',
    remedy: 'Show the buyer the new total. To accept it, send it as expected_total.',
  },
  wrong_order_state: {
    meaning: 'The call is not possible in the current state of the order, which is order_status.',
    remedy: 'Read the order with GET /v1/orders/{id}, then make a call that its state allows.',
  },
  wrong_checkout_state: {
    meaning: 'The checkout is already paid or cancelled, which is checkout_status.',
    remedy: 'Read the checkout with GET /v1/checkouts/{id}. The order of a paid checkout can be cancelled before it is shipped.',
  },
  refund_exceeds_order: {
    meaning: 'The refund is for more money, units or postage than is left of the order. refundable is the amount that is left.',
    remedy: 'Read the order with GET /v1/orders/{id}, then refund at most what is left.',
  },
  order_disputed: {
    meaning: 'The buyer disputes the payment at the bank, or the bank gave it back to the buyer. A refund would pay twice.',
    remedy: 'Wait until no dispute of the order is open. After a lost one, refund at most what the bank left.',
  },
  already_reviewed: {
    meaning: 'The order already has a review. Each order can have one.',
    remedy: 'Change the existing review.',
  },
  quota_exceeded: {
    meaning: 'The account or the shop has its maximum of these, which is limit. quota names them.',
    remedy: 'Remove some, or ask the operator of the marketplace for a higher limit.',
  },
  profile_in_use: {
    meaning: 'Listings use the profile, archived ones included. `product_ids` has up to 100 of them.',
    remedy: 'Give these listings another profile, or none, with PATCH /v1/products/{id}. Then remove the profile.',
  },
  sku_taken: {
    meaning: 'Another listing of the shop already has this sku.',
    remedy: 'Choose another sku, or change the listing that has it.',
  },
  conflict: {
    meaning: 'The change conflicts with a change that another request has just made. The server changed nothing.',
    remedy: 'Read the resource again, then repeat the change if it still applies.',
  },
  idempotency_in_progress: {
    meaning: 'The first call with this Idempotency-Key is still running.',
    remedy: 'Send the same call with the same key again after the time in Retry-After. The response is that of the first call.',
  },
  precondition_failed: {
    meaning: 'The resource has changed since the version in If-Match. The server changed nothing.',
    remedy: 'Read the resource again and send the new ETag as If-Match.',
  },
  payload_too_large: {
    meaning: 'The body is larger than the maximum, which is in detail.',
    remedy: 'Send a smaller body. Scale a picture down before the upload.',
  },
  unsupported_media_type: {
    meaning: 'The call does not accept this Content-Type.',
    remedy: 'Send application/json, or for a picture its bytes with its own type, such as image/jpeg.',
  },
  invalid_input: {
    meaning: 'A part of the input is not valid. errors names each part and its valid form.',
    remedy: 'Correct these parts and send the call again.',
  },
  variant_required: {
    meaning: 'The listing has variants, such as sizes, and the request names none of them.',
    remedy: 'Read the listing, and send the id of one of its variants as variant_id.',
  },
  variant_unknown: {
    meaning: 'The variant is not one of the listing, or the seller has removed it.',
    remedy: 'Read the listing again, and send the id of one of its variants.',
  },
  personalization_required: {
    meaning:
      'The seller makes the item with a text of the buyer, and the request or the line of the cart has no text. At a checkout, ' +
      'the text of a line can also be too long, or no longer taken, because the seller changed the listing.',
    remedy: 'Send the text as personalization. The listing says what to write. Remove a line with another text first.',
  },
  amount_out_of_range: {
    meaning: 'The total is less than min or more than max, the limits of the payment provider. Nothing was ordered or charged.',
    remedy: 'Add or remove items, then check out with a new Idempotency-Key.',
  },
  idempotency_mismatch: {
    meaning: 'Another request has already used this Idempotency-Key.',
    remedy: 'Use a new key for a new request. Repeat a key only with the identical request.',
  },
  idempotency_gone: {
    meaning: 'The call took effect once. Its stored response held data of a person whose account was deleted since.',
    remedy: 'Read the order or review instead. Do not repeat the call with a new key.',
  },
  orders_open: {
    meaning: 'Orders of the account, as buyer or seller, are not finished. `order_ids` has up to 100 of them.',
    remedy: 'Wait until they are shipped, cancelled or refunded and their disputes are decided, then delete the account.',
  },
  balance_open: {
    meaning: 'The marketplace owes a shop of the account money, or the shop owes it. `shop_ids` has the shops.',
    remedy:
      'Wait until the last payout has arrived. A rest below the minimum or a small debt: the marketplace pays it out or writes it off if you ask.',
  },
  payout_account_inactive: {
    meaning: 'The payout provider cannot pay the shop yet. requirements of its payout account says what is missing.',
    remedy: 'Open the account with POST /v1/shops/{id}/payout-account, and finish what its onboarding_url asks for.',
  },
  payout_below_minimum: {
    meaning: 'The shop has less available than a payout needs. payable and min have both amounts.',
    remedy: 'Wait for further sales. The amount stays available.',
  },
  payout_held: {
    meaning: 'The shop has an open payout or one that the provider contradicts, or the marketplace has paused payouts.',
    remedy: 'Ask again when the open payout has ended. Ask the operator of the marketplace about the other reasons.',
  },
  precondition_required: {
    meaning: 'The call could overwrite the change of another client, so it requires If-Match.',
    remedy: 'Read the resource first, then send its ETag as If-Match.',
  },
  too_many_keys: {
    meaning: 'The account has reached its limit of Idempotency-Keys in 24 hours, or the stored responses are too large.',
    remedy: 'Try again later, or leave the key out if the call does not require one.',
  },
  too_many_pictures: {
    meaning: 'The account has reached its limit of pictures in 24 hours.',
    remedy: 'Try again after the time in Retry-After.',
  },
  too_many_at_once: {
    meaning: 'Too many requests or large uploads of the account or the address are in progress.',
    remedy: 'Try again after the time in Retry-After.',
  },
  too_many_requests: {
    meaning: 'The account or the address has reached its rate limit.',
    remedy: 'Try again after the time in Retry-After. Each response has the number of calls left in RateLimit.',
  },
  internal_error: {
    meaning: 'The service has a fault. The request is fine.',
    remedy:
      'Send the request again, with the same Idempotency-Key if it has one. If it fails again, give the request_id to the ' +
      'operator.',
  },
  payment_unavailable: {
    meaning: 'The payment provider does not respond. Nothing was charged, and the items are in the cart.',
    remedy: 'Check out again later, with a new Idempotency-Key.',
  },
  unavailable: {
    meaning: 'The service is busy, or one of its parts is not available.',
    remedy: 'Send the request again after the time in Retry-After, with the same Idempotency-Key if it has one.',
  },
}
