"""Buys in two shops with the client that openapi-python-client makes, and prints what the client read.

Arguments: the URL of the service, and a word that finds one item in each of the two shops.
"""

import json
import sys
import uuid

from stallwright_client import AuthenticatedClient, Client
from stallwright_client.api.accounts import register_user, sign_in
from stallwright_client.api.cart import add_cart_item, get_cart
from stallwright_client.api.checkout import check_out
from stallwright_client.api.discovery import search
from stallwright_client.api.orders import get_order, list_orders
from stallwright_client.models import AddressInput, CartItemInput, CheckoutInput, Credentials, SearchSort, UserInput

url, word = sys.argv[1:]
unique = str(uuid.uuid4())
nobody = Client(base_url=url, raise_on_unexpected_status=True)

who = {"email": f"opc-{unique}@example.com", "password": f"a long passphrase {unique}"}
register_user.sync(client=nobody, body=UserInput(**who, display_name="Attrs"))
session = sign_in.sync(client=nobody, body=Credentials(**who))
buyer = AuthenticatedClient(base_url=url, token=session.token, raise_on_unexpected_status=True)

found = search.sync(client=nobody, q=word, sort=SearchSort.NEWEST)
for item in found.items:
    add_cart_item.sync(client=buyer, body=CartItemInput(product_id=item.id, quantity=1))
cart = get_cart.sync(client=buyer)

address = AddressInput(name="Attrs", line1="1 Mill Lane", city="Portland", postal_code="97201", country="US")
order = CheckoutInput(shipping_address=address, payment_method="pm_card_visa", expected_total=cart.total)
checkout = check_out.sync(client=buyer, idempotency_key=unique, body=order)
replayed = check_out.sync(client=buyer, idempotency_key=unique, body=order)
orders = list_orders.sync(client=buyer).items
read = get_order.sync(client=buyer, id=orders[0].id)
refusal = add_cart_item.sync(client=buyer, body=CartItemInput(product_id=found.items[0].id, quantity=1))

print(
    json.dumps(
        {
            "cart_shops": len(cart.shops),
            "cart_total": cart.total,
            "checkout_id": checkout.checkout_id,
            "replayed_checkout_id": replayed.checkout_id,
            "payment": checkout.payment.status,
            "order_ids": [one.id for one in orders],
            "read_order_id": read.id,
            "city": read.shipping_address.city,
            "refused": refusal.code,
        }
    )
)
