import type { ProblemCode } from '../problem.ts'

/** What a problem means, and what its reader does next. */
export type ProblemWords = { meaning: string; remedy: string }

/** The words of the page `/problems/<code>`, for each code of src/problem.ts. */
export const problemWords: Record<ProblemCode, ProblemWords> = {
  if_match_invalid: {
    meaning: 'The If-Match header is not a list of entity tags.',
    remedy: 'Send the ETag as you read it, with its double quotes: If-Match: "774-1". Or send * for any version.',
  },
  malformed_json: {
    meaning: 'The body is not JSON, or it is cut off.',
    remedy: 'Send one JSON object in UTF-8, with Content-Type: application/json.',
  },
  invalid_query: {
    meaning: 'The call has no query parameter of this name. errors names the parameter.',
    remedy: 'Look for the spelling in the API reference, or leave the parameter out.',
  },
  idempotency_key_missing: {
    meaning: 'This call moves money, so it needs an Idempotency-Key. Nothing was done.',
    remedy: 'Send an Idempotency-Key of your own, such as a UUID. Use the same key when you send the same order again.',
  },
  idempotency_key_invalid: {
    meaning: 'The Idempotency-Key is empty, too long, or has characters that are not printable ASCII.',
    remedy: 'Send 1 to 255 printable ASCII characters. A UUID is fine.',
  },
  invalid_signature: {
    meaning: 'The webhook is not signed by the payment provider, or it was signed too long ago.',
    remedy:
      'Only the payment provider makes this call. Operators: compare the signing secret with that of the provider, and the clock.',
  },
  unauthorized: {
    meaning: 'The call needs a session, and the token is missing, expired or signed out.',
    remedy: 'Sign in with POST /v1/sessions and send the token: Authorization: Bearer sw_….',
  },
  invalid_credentials: {
    meaning: 'No account has this e-mail with this password.',
    remedy: 'Check both. After several wrong passwords you have to wait for a while.',
  },
  payment_declined: {
    meaning: 'The payment provider declined the payment. Nothing was charged, and the items are back in the cart.',
    remedy: 'Check out again with another payment method and a new Idempotency-Key.',
  },
  not_owner: {
    meaning: 'You are signed in as somebody to whom this does not belong.',
    remedy: 'Sign in as the owner. Only its seller changes a shop and its listings.',
  },
  not_found: {
    meaning: 'There is nothing at this path, or what was there is gone. An archived listing counts as gone.',
    remedy: 'Check the path and the id. The API reference has every path.',
  },
  method_not_allowed: {
    meaning: 'The path exists, but not with this method.',
    remedy: 'Use one of the methods that the Allow header names.',
  },
  request_timeout: {
    meaning: 'The body did not arrive in time. Nothing was done, and the connection is closed.',
    remedy: 'Send the call again, over a faster connection if you can.',
  },
  email_taken: {
    meaning: 'There is an account with this e-mail already.',
    remedy: 'Sign in with it, or register with another e-mail.',
  },
  insufficient_stock: {
    meaning: 'There are fewer units than you asked for. available says how many.',
    remedy: 'Ask for that many or fewer. With 0 available the listing is sold out.',
  },
  own_item: {
    meaning: 'The item is from a shop of your own. Nobody buys from themselves.',
    remedy: 'Take it out of the cart, or use another account to try a purchase.',
  },
  cart_full: {
    meaning: 'A cart takes no more different items. limit says how many it takes.',
    remedy: 'Check out, or take something out of the cart first.',
  },
  too_many_reservations: {
    meaning: 'You hold as many items as one buyer may hold at a time. limit says how many.',
    remedy: 'Check out, take something out of the cart, or wait until a hold has ended.',
  },
  item_reserved: {
    meaning: 'Another buyer holds the last units and is checking out. reserved_until says when that hold ends.',
    remedy: 'Try again after that time. If the other buyer pays, the item is sold out.',
  },
  shop_on_vacation: {
    meaning: 'The shop sells nothing while its owner is on vacation.',
    remedy: 'Take its items out of the cart, or come back when the shop is open again.',
  },
  cart_empty: {
    meaning: 'There is nothing in the cart that can be ordered.',
    remedy: 'Put something into the cart with POST /v1/cart/items.',
  },
  price_changed: {
    meaning:
      'The cart costs another amount than the buyer has seen: than the expected_total of the request, or without one, because a seller has raised a price since or an item has left the cart. Nothing was charged. total says what it costs now.',
    remedy: 'Show the buyer the new total. To accept it, check out again with it as expected_total.',
  },
  wrong_order_state: {
    meaning: 'The order is in a state from which this step is not possible. order_status says in which.',
    remedy: 'Read the order with GET /v1/orders/{id} and choose a step that its state allows.',
  },
  already_reviewed: {
    meaning: 'This order has a review. An order has one.',
    remedy: 'Nothing to do: the review is there.',
  },
  quota_exceeded: {
    meaning: 'The account has as many of these as one account may have. limit says how many.',
    remedy: 'Remove what you no longer need, or ask the operator of the marketplace for more.',
  },
  sku_taken: {
    meaning: 'Another listing of the shop has this sku.',
    remedy: 'Choose another sku, or change the listing that has it.',
  },
  conflict: {
    meaning: 'Somebody has just written something with which this cannot be true at the same time. Nothing was changed.',
    remedy: 'Read it again, then decide again.',
  },
  idempotency_in_progress: {
    meaning: 'The first call with this Idempotency-Key is still running.',
    remedy: 'Send the same call with the same key again after the time in Retry-After. You get the answer of the first call.',
  },
  precondition_failed: {
    meaning: 'Somebody has changed it since you read the version that If-Match names. Nothing was changed.',
    remedy: 'Read it again, decide again, and send the new ETag as If-Match.',
  },
  payload_too_large: {
    meaning: 'The body has more bytes than the call takes. detail says how many it takes.',
    remedy: 'Send less. Make a picture smaller before you upload it.',
  },
  unsupported_media_type: {
    meaning: 'The call does not take a body of this Content-Type.',
    remedy: 'Send application/json, or for a picture its bytes with its own type, such as image/jpeg.',
  },
  invalid_input: {
    meaning: 'Part of the input is not what the call takes. errors names each part and says what it must be.',
    remedy: 'Correct these parts and send the call again.',
  },
  idempotency_mismatch: {
    meaning: 'This Idempotency-Key came with another body or another call before.',
    remedy: 'Use a new key for a new request. Use the old key only to send the very same request again.',
  },
  precondition_required: {
    meaning: 'The call would overwrite what somebody else may have changed, so it needs an If-Match.',
    remedy: 'Read it first, then send the ETag of that answer as If-Match.',
  },
  too_many_keys: {
    meaning:
      'The account has sent as many Idempotency-Keys as it may within 24 hours, or the answers kept for them are too large.',
    remedy: 'Send the call again later, or without a key if it does not need one.',
  },
  too_many_pictures: {
    meaning: 'The account has uploaded as many pictures as it may in a day.',
    remedy: 'Upload more tomorrow.',
  },
  too_many_at_once: {
    meaning: 'Too many of your calls, or too many large uploads, are under way at this moment.',
    remedy: 'Wait for some of them to end. Send the call again after the time in Retry-After.',
  },
  too_many_requests: {
    meaning: 'The account or the address has made more calls than it may in this time.',
    remedy: 'Wait as long as Retry-After says. RateLimit tells you on each answer how many calls are left.',
  },
  internal_error: {
    meaning: 'The service has a fault. It is not your request.',
    remedy:
      'Send the call again; where it has an Idempotency-Key, with the same key. If it fails again, tell the operator the request_id.',
  },
  payment_unavailable: {
    meaning: 'The payment provider does not answer. Nothing was charged, and the items are in the cart.',
    remedy: 'Check out again later, with a new Idempotency-Key.',
  },
  unavailable: {
    meaning: 'The service is busy, or one of its parts is away for a moment.',
    remedy: 'Send the call again after the time in Retry-After; where it has an Idempotency-Key, with the same key.',
  },
}
