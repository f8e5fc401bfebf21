"""Buys in two shops with the client that openapi-generator makes for Python, and prints what the client read.

Arguments: the URL of the service, and a word that finds one item in each of the two shops.
"""

import json
import sys
import uuid

import openapi_client as client

url, word = sys.argv[1:]
unique = str(uuid.uuid4())
configuration = client.Configuration(host=url)
api = client.ApiClient(configuration)

who = {"email": f"python-{unique}@example.com", "password": f"a long passphrase {unique}"}
accounts = client.AccountsApi(api)
accounts.register_user(client.UserInput(**who, display_name="Monty"))
configuration.access_token = accounts.sign_in(client.Credentials(**who)).token

found = client.DiscoveryApi(api).search(q=word, sort="newest")
carts = client.CartApi(api)
for item in found.items:
    carts.add_cart_item(client.CartItemInput(product_id=item.id, quantity=1))
cart = carts.get_cart()

address = client.AddressInput(name="Monty", line1="1 Mill Lane", city="Portland", postal_code="97201", country="US")
order = client.CheckoutInput(shipping_address=address, payment_method="pm_card_visa", expected_total=cart.total)
checkouts = client.CheckoutApi(api)
checkout = checkouts.check_out(idempotency_key=unique, checkout_input=order)
replayed = checkouts.check_out(idempotency_key=unique, checkout_input=order)
orders = client.OrdersApi(api).list_orders().items
read = client.OrdersApi(api).get_order(orders[0].id)

try:
    carts.add_cart_item(client.CartItemInput(product_id=found.items[0].id, quantity=1))
    sys.exit("the item was added")
except client.ApiException as refusal:
    refused = refusal.data.code

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
            "refused": refused,
        }
    )
)
