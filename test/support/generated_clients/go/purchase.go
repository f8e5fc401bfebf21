// Buys in two shops with the client that openapi-generator makes for Go, and prints what the client read.
// Arguments: the URL of the service, and a word that finds one item in each of the two shops.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	client "stallwright.test/purchase/client"
)

func main() {
	url, word := os.Args[1], os.Args[2]
	unique := fmt.Sprint(time.Now().UnixNano())
	configuration := client.NewConfiguration()
	configuration.Servers = client.ServerConfigurations{{URL: url}}
	api := client.NewAPIClient(configuration)
	nobody := context.Background()

	email, password := "go-"+unique+"@example.com", "a long passphrase "+unique
	_, _, err := api.AccountsAPI.RegisterUser(nobody).UserInput(*client.NewUserInput(email, password, "Gopher")).Execute()
	check(err)
	session, _, err := api.AccountsAPI.SignIn(nobody).Credentials(*client.NewCredentials(email, password)).Execute()
	check(err)
	buyer := context.WithValue(nobody, client.ContextAccessToken, session.Token)

	found, _, err := api.DiscoveryAPI.Search(nobody).Q(word).Sort("newest").Execute()
	check(err)
	for _, item := range found.Items {
		_, _, err = api.CartAPI.AddCartItem(buyer).CartItemInput(*client.NewCartItemInput(item.Id, 1)).Execute()
		check(err)
	}
	cart, _, err := api.CartAPI.GetCart(buyer).Execute()
	check(err)

	address := client.NewAddressInput("Gopher", "1 Mill Lane", "Portland", "US")
	address.SetPostalCode("97201")
	order := client.NewCheckoutInput("pm_card_visa")
	order.SetShippingAddress(*address)
	order.SetExpectedTotal(cart.Total)
	checkout, _, err := api.CheckoutAPI.CheckOut(buyer).IdempotencyKey(unique).CheckoutInput(*order).Execute()
	check(err)
	replayed, _, err := api.CheckoutAPI.CheckOut(buyer).IdempotencyKey(unique).CheckoutInput(*order).Execute()
	check(err)
	orders, _, err := api.OrdersAPI.ListOrders(buyer).Execute()
	check(err)
	read, _, err := api.OrdersAPI.GetOrder(buyer, orders.Items[0].Id).Execute()
	check(err)
	_, _, refused := api.CartAPI.AddCartItem(buyer).CartItemInput(*client.NewCartItemInput(found.Items[0].Id, 1)).Execute()

	check(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"cart_shops":           len(cart.Shops),
		"cart_total":           cart.Total,
		"checkout_id":          checkout.CheckoutId,
		"replayed_checkout_id": replayed.CheckoutId,
		"payment":              checkout.Payment.Status,
		"order_ids":            []int64{orders.Items[0].Id, orders.Items[1].Id},
		"read_order_id":        read.Id,
		"city":                 read.ShippingAddress.Get().City,
		"refused":              problemOf(refused).Code,
	}))
}

func problemOf(err error) client.Problem {
	var refusal *client.GenericOpenAPIError
	if !errors.As(err, &refusal) {
		log.Fatalf("no problem: %v", err)
	}
	return refusal.Model().(client.Problem)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
