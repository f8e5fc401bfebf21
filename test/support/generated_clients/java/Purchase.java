import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.AccountsApi;
import org.openapitools.client.api.CartApi;
import org.openapitools.client.api.CheckoutApi;
import org.openapitools.client.api.DiscoveryApi;
import org.openapitools.client.api.OrdersApi;
import org.openapitools.client.model.Credentials;
import org.openapitools.client.model.AddressInput;
import org.openapitools.client.model.CartItemInput;
import org.openapitools.client.model.CheckoutInput;
import org.openapitools.client.model.UserInput;
import org.openapitools.client.model.Problem;

/**
 * Buys in two shops with the client that openapi-generator makes for Java, and prints what the client read.
 * Arguments: the URL of the service, and a word that finds one item in each of the two shops.
 */
class Purchase {
  public static void main(String[] args) throws Exception {
    var word = args[1];
    var unique = Long.toString(System.nanoTime()) + System.currentTimeMillis();
    var api = new ApiClient();
    api.updateBaseUri(args[0]);
    // Without TLS, Java's first call has an Upgrade header for HTTP/2. Deno returns 400 for that if the call has a body.
    api.setHttpClientBuilder(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1));

    var accounts = new AccountsApi(api);
    var email = "java-" + unique + "@example.com";
    var password = "a long passphrase " + unique;
    accounts.registerUser(
        AccountsApi.APIRegisterUserRequest.newBuilder()
            .userInput(new UserInput().email(email).password(password).displayName("Duke"))
            .build());
    var session = accounts.signIn(
        AccountsApi.APISignInRequest.newBuilder()
            .credentials(new Credentials().email(email).password(password))
            .build());
    api.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + session.getToken()));

    // An API object copies the interceptor of its client when the object is made.
    var found = new DiscoveryApi(api).search(DiscoveryApi.APISearchRequest.newBuilder().q(word).sort("newest").build());
    var carts = new CartApi(api);
    for (var item : found.getItems()) carts.addCartItem(adding(item.getId()));
    var cart = carts.getCart((String) null);

    var address = new AddressInput()
        .name("Duke").line1("1 Mill Lane").city("Portland").postalCode("97201").country("US");
    var order = CheckoutApi.APICheckOutRequest.newBuilder()
        .idempotencyKey(unique)
        .checkoutInput(
            new CheckoutInput().shippingAddress(address).paymentMethod("pm_card_visa").expectedTotal(cart.getTotal()))
        .build();
    var checkouts = new CheckoutApi(api);
    var checkout = checkouts.checkOut(order);
    var replayed = checkouts.checkOut(order);
    var orderApi = new OrdersApi(api);
    var orders = orderApi.listOrders(OrdersApi.APIListOrdersRequest.newBuilder().build()).getItems();
    var read = orderApi.getOrder(OrdersApi.APIGetOrderRequest.newBuilder().id(orders.get(0).getId()).build());

    var seen = Map.of(
        "cart_shops", cart.getShops().size(),
        "cart_total", cart.getTotal(),
        "checkout_id", checkout.getCheckoutId(),
        "replayed_checkout_id", replayed.getCheckoutId(),
        "payment", checkout.getPayment().getStatus().getValue(),
        "order_ids", List.of(orders.get(0).getId(), orders.get(1).getId()),
        "read_order_id", read.getId(),
        "city", read.getShippingAddress().getCity(),
        "refused", refusalOf(api, carts, found.getItems().get(0).getId()));
    System.out.println(api.getObjectMapper().writeValueAsString(seen));
  }

  private static CartApi.APIAddCartItemRequest adding(Long productId) {
    return CartApi.APIAddCartItemRequest.newBuilder()
        .cartItemInput(new CartItemInput().productId(productId).quantity(1))
        .build();
  }

  private static String refusalOf(ApiClient api, CartApi carts, Long productId) throws Exception {
    try {
      carts.addCartItem(adding(productId));
      throw new IllegalStateException("the item was added");
    } catch (ApiException refusal) {
      return api.getObjectMapper().readValue(refusal.getResponseBody(), Problem.class).getCode().getValue();
    }
  }
}
