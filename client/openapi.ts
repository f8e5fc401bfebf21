/** What the API takes and answers, made from docs/openapi.json by openapi-typescript. */
export interface paths {
    "/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register an account
         * @description Creates an account, which can buy and sell. It does not sign you in: call `POST /v1/sessions` next. On `email_taken`, sign in.
         */
        post: operations["registerUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read your profile
         * @description Returns the account of the token.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change your profile
         * @description Changes the fields that you send. Your reviews show the new name.
         */
        patch: operations["updateMe"];
        trace?: never;
    };
    "/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change your password and sign out on every other device
         * @description Requires the current password. This session continues. Every other session of the account ends. A session gets 429 after ten wrong passwords in five minutes; sign-ins have their own limit. An account gets 429 after ten changes in an hour, and 429 `too_many_at_once` while another change is running.
         */
        put: operations["changePassword"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/shops": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your shops, newest first
         * @description Every shop that you own, also on vacation.
         */
        get: operations["listOwnShops"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your products, newest first
         * @description The products of all your shops; `shop_id` and `state` narrow the list. Archived products are in this list only.
         */
        get: operations["listOwnProducts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your sessions, newest first
         * @description The newest 100 sessions. To sign out a device, end its session with `DELETE /v1/sessions/{id}`.
         */
        get: operations["listSessions"];
        put?: never;
        /**
         * Sign in
         * @description Returns a token. Send it with signed-in calls as `Authorization: Bearer <token>` until `expires_at`. A wrong password and an unknown e-mail both return `invalid_credentials`. After too many tries the call returns 429: wait for the seconds in `Retry-After`.
         */
        post: operations["signIn"];
        /**
         * Sign out on every device, including this one
         * @description Ends every session of the account at once, on all servers.
         */
        delete: operations["signOutEverywhere"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Sign out
         * @description Ends the session of the token at once, on all servers.
         */
        delete: operations["signOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Sign out on one of your devices
         * @description Ends one session of your account. `GET /v1/sessions` has its id.
         */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shops": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a shop
         * @description You become the owner. `shipping` is what buyers pay for postage: `base` once for an order, `per_extra_item` for each further unit. On `quota_exceeded` the account has its maximum of shops.
         */
        post: operations["openShop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shops/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a shop
         * @description Public. `rating` is the mean of the reviews, or null without reviews. `sales_count` counts units.
         */
        get: operations["getShop"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a shop
         * @description For the owner. Changes the fields that you send. While `is_on_vacation` is true, nothing of the shop can be ordered, and no list shows its products.
         */
        patch: operations["updateShop"];
        trace?: never;
    };
    "/v1/shops/{id}/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a shop's products, newest first
         * @description Products on sale and products that are sold out, but no archived ones.
         */
        get: operations["listShopProducts"];
        put?: never;
        /**
         * List a product
         * @description For the shop's owner. The product is on sale at once, and in search within seconds. `sku` is your own reference. On `sku_taken`, another product of the shop has it.
         */
        post: operations["listProduct"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shops/{id}/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a shop's reviews, newest first
         * @description Public. A review shows the reply of the shop, if there is one.
         */
        get: operations["listShopReviews"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shops/{id}/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a shop's orders, newest first
         * @description For the shop's owner. `status`, `created_from`, `created_to` and `buyer_id` narrow the list. To poll for new orders, read pages until one contains an order that you know.
         */
        get: operations["listShopOrders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shops/{id}/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a shop's figures, day by day
         * @description For the shop's owner: views, favorites, carts, orders, units and revenue. One entry for each UTC day, including days without events, oldest first. Without `from` and `to` it covers the last 30 days. The server computes the figures every 15 minutes. Those of the last three days can still change.
         */
        get: operations["getShopStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a product and its shop's name, rating and vacation
         * @description Public. Each call counts as a view. A sold-out product has `quantity` 0. An archived product returns `not_found`. `quantity` is the stock on hand, including units that buyers hold.
         */
        get: operations["getProduct"];
        put?: never;
        post?: never;
        /**
         * Archive a product
         * @description For the shop's owner. The product leaves search and all public lists; orders keep it. `POST /v1/products/{id}/restore` brings it back.
         */
        delete: operations["archiveProduct"];
        options?: never;
        head?: never;
        /**
         * Change a product; its stock only with If-Match
         * @description For the shop's owner. Changes the fields that you send. `quantity` needs `If-Match` with the ETag of `GET /v1/products/{id}/quantity`, because a sale can change the stock meanwhile. On `precondition_failed`, read the stock again and repeat the change.
         */
        patch: operations["updateProduct"];
        trace?: never;
    };
    "/v1/products/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put an archived product on sale again
         * @description For the shop's owner. The product is on sale again, with the stock that it had.
         */
        post: operations["restoreProduct"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{id}/quantity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the stock of a product
         * @description Read it before you set the stock, and send its ETag as `If-Match`. Only its owner can read the stock of an archived product.
         */
        get: operations["getQuantity"];
        /**
         * Set the stock of a product
         * @description For the shop's owner. Send the new stock, with the ETag of `GET /v1/products/{id}/quantity` as `If-Match`. If the stock has changed since, the call writes nothing and returns `precondition_failed` with the current `quantity`. Then read the stock again and repeat the change.
         */
        put: operations["setQuantity"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/categories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the category tree
         * @description Returns the whole tree. Any category can hold listings. The tree changes rarely: keep a copy and revalidate it with `If-None-Match`.
         */
        get: operations["getCategories"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/categories/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a category and the categories above and below it
         * @description `ancestors` lead from the root to the category. `children` are directly below it. `GET /v1/search?category=` searches the category and its descendants.
         */
        get: operations["getCategory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search listings in stock
         * @description Without `q` the search finds every listing in stock. Filters and `sort` can be combined. If you are signed in, your favorites can change the order. `total` and the counts of the facets are exact up to 10,000; above, `total` is 10,000 and `total_is_lower_bound` is true. If a misspelled `q` finds nothing, the search corrects it, and `showing_results_for` is the corrected query. To page, send `next_cursor` as `cursor` with the same filters.
         */
        get: operations["search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/search/suggest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Suggest searches for a partial query
         * @description Call it after each keystroke. It returns searches with results, and categories and shops by name. It tolerates one typing mistake.
         */
        get: operations["suggestSearches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List popular products
         * @description Ranks products by views, favorites and sales of the last 14 days. The server updates the ranking every 15 minutes.
         */
        get: operations["listTrending"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recommendations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List recommendations, best first
         * @description Based on the favorites of your account. Each item has a `reason` to show. An account without favorites gets popular products.
         */
        get: operations["listRecommendations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the cart
         * @description Groups the lines by shop, because each shop gets its own order. `reserved_until` is the end of a hold. A line that cannot be ordered has `available` false and an `unavailable_reason`, and the totals exclude it. After a hold ends, the line can still be ordered until another buyer takes the item, for one to two minutes at most. Then the line leaves the cart, and `lapsed` lists it for a day. Send `total` as `expected_total` when you check out.
         */
        get: operations["getCart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cart/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add an item to the cart; a one-of-a-kind item is held for 15 minutes
         * @description An item with stock 1 is held for you for 15 minutes in any 75: until `reserved_until` no other buyer can check it out. An item with more stock is not held, and quantities add up. On `item_reserved`, another buyer holds the item: try again after `reserved_until`. On `insufficient_stock`, request at most `available`.
         */
        post: operations["addCartItem"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cart/items/{product_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a line and end its hold
         * @description Removes the line and ends its hold, so that others can buy the item. It returns 204 also if the cart has no such line.
         */
        delete: operations["removeCartItem"];
        options?: never;
        head?: never;
        /**
         * Change the quantity of a line
         * @description Sets the quantity and returns the cart. It has the errors of adding an item; after an error the line is unchanged.
         */
        patch: operations["changeCartItem"];
        trace?: never;
    };
    "/v1/checkout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pay once for the whole cart: one order for each shop
         * @description Charges `payment_method` once for the whole cart and creates one order for each shop.
         *     Send the cart's `total` as `expected_total`: if the total differs, nothing is charged and the call returns `price_changed`
         *     with the new `total`. Without `expected_total`, the call returns `price_changed` in two cases: a seller raised the price or the
         *     shipping of a line after you added it; or a line left the cart because its hold ended, and you have not read or changed the cart
         *     since.
         *
         *     **Retries.** Make a new `Idempotency-Key` for each purchase, such as a UUID. After a timeout, a lost connection or a 5xx, send the
         *     same key and the same body again. The call then returns the first response byte for byte with `Idempotency-Replayed: true`, and
         *     charges nothing. The server keeps a key for at least 24 hours. A new key is a new purchase.
         *
         *     **201** means paid. **202** means that the payment provider has not responded yet: the orders are `pending`. Do not buy again; read
         *     `Location` every few seconds until `status` is `paid` or `cancelled`.
         *
         *     **Errors.** Nothing is charged, and the cart is unchanged.
         *     - `payment_declined`: ask for another payment method, then use a new key. After ten declined cards in an hour, of the account or
         *       from the address, the call returns `too_many_requests`: wait `Retry-After` seconds.
         *     - `payment_unavailable`: try again later with a new key.
         *     - `insufficient_stock`, `item_reserved`, `shop_on_vacation`, `own_item`: `errors` names each line that cannot be ordered, with
         *       its `product_id` and its `unavailable_reason` as `code`. Remove or change these lines, then use a new key.
         *     - `price_changed`: show the new total, then send it as `expected_total` with a new key.
         *     - `idempotency_in_progress`: the first call is still running. Wait `Retry-After` seconds, then send the same request again.
         *     - `idempotency_mismatch`: this key belongs to another request. Use a new key.
         */
        post: operations["checkOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/checkouts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a checkout
         * @description For its buyer. After a 202, read it every few seconds until `status` is `paid` or `cancelled`. For a cancelled checkout nothing was charged, and its items are back in the cart.
         */
        get: operations["getCheckout"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your purchases, newest first
         * @description Your orders from all shops. `status`, `created_from` and `created_to` narrow the list.
         */
        get: operations["listOrders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an order
         * @description Prices are those at the time of purchase. For an order of another account the call returns `not_found`.
         */
        get: operations["getOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the events of an order, oldest first
         * @description One event for each change of the status, with its author, time and details. Events are never changed or deleted.
         */
        get: operations["listOrderEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/ship": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ship an order
         * @description For the shop's owner, while the order is `paid`. It ships all items. The order then shows the tracking number to the buyer. On `wrong_order_state`, `order_status` is the current status.
         */
        post: operations["shipOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/deliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark an order as delivered
         * @description For the shop's owner, once the order is `shipped`.
         */
        post: operations["deliverOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an order that is not shipped
         * @description For the buyer or the shop's owner, until the order is shipped. The items return to stock, and the money returns to the buyer.
         */
        post: operations["cancelOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/refund": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refund an order
         * @description For the shop's owner, once the order is paid. Refunds the whole amount of the order.
         */
        post: operations["refundOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Review an order, once
         * @description For the buyer, once the order is shipped or delivered, also if it was refunded later. Updates the rating of the shop at once. A second review of an order returns `already_reviewed`.
         */
        post: operations["reviewOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reviews/{id}/reply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Reply to a review of your shop
         * @description For the shop's owner. A second call replaces the reply.
         */
        put: operations["replyToReview"];
        post?: never;
        /**
         * Delete the reply to a review
         * @description For the shop's owner. The review stays. It returns 204 also if there is no reply.
         */
        delete: operations["removeReply"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/favorites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your favorites, newest first
         * @description Each entry has the current `product` or `shop`; the other field is null. `fav_type` narrows the list.
         */
        get: operations["listFavorites"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/favorites/{fav_type}/{fav_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Add a favorite
         * @description Adds a product or a shop. Adding it again changes nothing. Recommendations use favorites.
         */
        put: operations["addFavorite"];
        post?: never;
        /**
         * Remove a favorite
         * @description Returns 204 also if it was not a favorite.
         */
        delete: operations["removeFavorite"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pictures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your pictures, newest first
         * @description Your own uploads, also those that no listing shows.
         */
        get: operations["listPictures"];
        put?: never;
        /**
         * Upload a JPEG, PNG or WebP picture
         * @description Send the bytes of the file as the body, with its media type. The server turns the picture upright and stores it as WebP, without metadata. Put its `url` into the `images` of a listing. If you send the same file again, the call returns 200 with the existing picture.
         */
        post: operations["uploadPicture"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pictures/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one of your pictures
         * @description Only the account that uploaded a picture can read it here.
         */
        get: operations["getPicture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pictures/{key}/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a file of a picture
         * @description Public. The bytes of a file never change, so caches can keep them forever.
         */
        get: operations["getPictureFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Receive an event of a payment provider
         * @description For payment providers, not for clients. The server checks the signature of the raw body. A repeated event counts once.
         */
        post: operations["receivePaymentEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check that the process runs
         * @description For a supervisor, which restarts the process if this call does not respond.
         */
        get: operations["getLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check that the process can serve requests
         * @description For a load balancer. 200 while PostgreSQL responds, all migrations are applied and the process is not ending; otherwise 503. `?verbose` adds the result of each check.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the metrics of this process
         * @description The text format of Prometheus. The counts are those of this process; add up those of all processes.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read this document
         * @description OpenAPI 3.1. Generate clients from it.
         */
        get: operations["getOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        InputError: {
            /** @description A JSON pointer into the body, `#/` and the name of a parameter, or the place of a cart line in the response of GET /v1/cart. */
            pointer: string;
            detail: string;
            /**
             * Format: int64
             * @description The listing, if the error is in a line of the cart.
             */
            product_id?: number;
            /** @description The reason for a line of the cart: its `unavailable_reason`, `price_changed` or `lapsed`. */
            code?: string;
        };
        Problem: {
            /** Format: uri-reference */
            type: string;
            title: string;
            status: number;
            detail: string;
            /**
             * @description The stable code of the problem, for programs.
             * @enum {string}
             */
            code: "if_match_invalid" | "malformed_json" | "invalid_query" | "idempotency_key_missing" | "idempotency_key_invalid" | "invalid_signature" | "unauthorized" | "invalid_credentials" | "payment_declined" | "not_owner" | "not_found" | "method_not_allowed" | "request_timeout" | "email_taken" | "insufficient_stock" | "own_item" | "cart_full" | "too_many_reservations" | "item_reserved" | "shop_on_vacation" | "cart_empty" | "price_changed" | "wrong_order_state" | "already_reviewed" | "quota_exceeded" | "sku_taken" | "conflict" | "idempotency_in_progress" | "precondition_failed" | "payload_too_large" | "unsupported_media_type" | "invalid_input" | "idempotency_mismatch" | "precondition_required" | "too_many_pictures" | "too_many_keys" | "too_many_at_once" | "too_many_requests" | "internal_error" | "payment_unavailable" | "unavailable";
            request_id: string;
            /** @description The wrong parts of the input, or the lines of the cart that cannot be ordered. */
            errors?: components["schemas"]["InputError"][];
            /** @description Always false. Present if an item could not be added to the cart or ordered. */
            success?: boolean;
            /**
             * Format: int64
             * @description The listing that caused the problem.
             */
            product_id?: number;
            /**
             * Format: int64
             * @description The shop that caused the problem.
             */
            shop_id?: number;
            /**
             * Format: int64
             * @description The checkout whose payment failed.
             */
            checkout_id?: number;
            /** @description The number of units in stock. */
            available?: number;
            /** @description The current stock. */
            quantity?: number;
            /** @description The maximum. */
            limit?: number;
            /**
             * Format: date-time
             * @description The end of the other buyer’s hold.
             */
            reserved_until?: string;
            /** @description The shop’s message about its vacation. */
            vacation_message?: string;
            /** @description The current total. */
            total?: string;
            /** @description The current status of the order. */
            order_status?: string;
        };
        UserInput: {
            /**
             * Format: email
             * @example ann@example.com
             */
            email: string;
            /** @example correct horse battery */
            password: string;
            /** @example Ann Lee */
            display_name: string;
        };
        User: {
            /**
             * Format: int64
             * @example 1
             */
            id: number;
            /** @example ann@example.com */
            email: string;
            /** @example Ann Lee */
            display_name: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-23T09:30:00.000Z
             */
            created_at: string;
        };
        UserChanges: {
            /** @example Ann Lee */
            display_name?: string;
        };
        PasswordChange: {
            /** @example correct horse battery */
            current_password: string;
            /** @example battery horse correct */
            new_password: string;
        };
        ShippingProfile: {
            /**
             * @description US dollars as a decimal string with 2 decimals.
             * @example 5.00
             */
            base: string;
            /**
             * @description US dollars as a decimal string with 2 decimals.
             * @example 1.50
             */
            per_extra_item: string;
            /** @example 3 */
            processing_days_min: number;
            /** @example 5 */
            processing_days_max: number;
        };
        Shop: {
            /**
             * Format: int64
             * @example 1
             */
            id: number;
            /**
             * Format: int64
             * @example 1
             */
            owner_id: number;
            /** @example Kiln & Loom */
            name: string;
            /** @example Bowls and blankets. */
            description: string;
            banner_url: string | null;
            logo_url: string | null;
            rating: number | null;
            /** @example 12 */
            review_count: number;
            /** @example 40 */
            sales_count: number;
            /**
             * @description The number of accounts that like the shop.
             * @example 25
             */
            favorites_count: number;
            /**
             * @description The number of products, including sold-out and excluding archived ones.
             * @example 18
             */
            product_count: number;
            is_on_vacation: boolean;
            vacation_message: string | null;
            shipping: components["schemas"]["ShippingProfile"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-23T09:30:00.000Z
             */
            created_at: string;
        };
        ShopPage: {
            items: components["schemas"]["Shop"][];
            /** @description Send it as `cursor` to get the next page; null on the last page. */
            next_cursor: string | null;
        };
        ShopSummary: {
            /**
             * Format: int64
             * @example 1
             */
            id: number;
            /** @example Kiln & Loom */
            name: string;
            /** @example 4.8 */
            rating: number | null;
            /**
             * @description While true, nothing of the shop can be ordered.
             * @example false
             */
            is_on_vacation: boolean;
            /** @example null */
            vacation_message: string | null;
        };
        Product: {
            /**
             * Format: int64
             * @example 1
             */
            id: number;
            sku: string | null;
            shop: components["schemas"]["ShopSummary"];
            /** @example A blue bowl */
            title: string;
            /** @example Thrown by hand, glazed twice. */
            description: string;
            /**
             * @description US dollars as a decimal string with 2 decimals.
             * @example 24.50
             */
            price: string;
            /** @example 1 */
            quantity: number;
            /** @enum {string} */
            state: "active" | "sold_out" | "archived";
            category_id: number | null;
            tags: string[];
            images: string[];
            /** @example false */
            is_vintage: boolean;
            who_made: ("i_did" | "someone_else" | "collective") | null;
            when_made: string | null;
            /**
             * @description The number of accounts that like the product.
             * @example 7
             */
            favorites_count: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-23T09:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-23T09:30:00.000Z
             */
            updated_at: string;
        };
        ProductPage: {
            items: components["schemas"]["Product"][];
            /** @description Send it as `cursor` to get the next page; null on the last page. */
            next_cursor: string | null;
        };
        Credentials: {
            /** @example ann@example.com */
            email: string;
            /** @example correct horse battery */
            password: string;
        };
        Session: {
            /** @example sw_3q2-7wEjRWeJq83vASNFZ4mrze8BI0VniavN7wEjRWc */
            token: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-12-23T09:30:00.000Z
             */
            expires_at: string;
            user: components["schemas"]["User"];
        };
        LiveSession: {
            /**
             * Format: int64
             * @example 1
             */
            id: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-23T09:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-12-23T09:30:00.000Z
             */
            expires_at: string;
            /**
             * @description Whether it is the session of the request.
             * @example true
             */
            current: boolean;
        };
        LiveSessions: {
            items: components["schemas"]["LiveSession"][];
        };
        ShippingProfileInput: {
            /**
             * @description US dollars as a decimal string with 0 to 2 decimals.
             * @example 5.00
             */
            base: string;
            /**
             * @description US dollars as a decimal string with 0 to 2 decimals.
             * @example 1.50
             */
            per_extra_item: string;
            /** @example 3 */
            processing_days_min: number;
            /** @example 5 */
            processing_days_max: number;
        };
        ShopInput: {
            /** @example Kiln & Loom */
            name: string;
            /** @example Bowls and blankets. */
            description?: string;
            banner_url?: string | null;
            logo_url?: string | null;
            shipping: components["schemas"]["ShippingProfileInput"];
        };
        ShopChanges: {
            /** @example Kiln & Loom */
            name?: string;
            /** @example Bowls and blankets. */
            description?: string;
            banner_url?: string | null;
            logo_url?: string | null;
            shipping?: components["schemas"]["ShippingProfileInput"];
            /** @description While true, nothing of the shop can be ordered, and no list shows its products. */
            is_on_vacation?: boolean;
            vacation_message?: string | null;
        };
        ProductInput: {
            /** @example A blue bowl */
            title: string;
            /** @example Thrown by hand, glazed twice. */
            description?: string;
            /**
             * @description US dollars above 0 as a decimal string with 0 to 2 decimals.
             * @example 24.50
             */
            price: string;
            /**
             * @description The stock on hand. 1 for a one-of-a-kind item.
             * @example 1
             */
            quantity?: number;
            /**
             * Format: int64
             * @example 1
             */
            category_id: number;
            tags?: string[];
            images?: string[];
            /** @example false */
            is_vintage?: boolean;
            sku?: string | null;
            who_made?: ("i_did" | "someone_else" | "collective") | null;
            when_made?: string | null;
        };
        Reviewer: {
            /**
             * Format: int64
             * @example 1
             */
            id: number;
            /** @example Ann Lee */
            display_name: string;
        };
        Reply: {
            /** @example Thank you! */
            comment: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-23T09:30:00.000Z
             */
            created_at: string;
        };
        Review: {
            /**
             * Format: int64
             * @example 1
             */
            id: number;
            /**
             * Format: int64
             * @example 202611000100004
             */
            order_id: number;
            /**
             * Format: int64
             * @example 1
             */
            shop_id: number;
            reviewer: components["schemas"]["Reviewer"];
            /** @example 5 */
            rating: number;
            /** @example Even finer than in the picture. */
            comment: string;
            reply: components["schemas"]["Reply"] | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-23T09:30:00.000Z
             */
            created_at: string;
        };
        ReviewPage: {
            items: components["schemas"]["Review"][];
            /** @description Send it as `cursor` to get the next page; null on the last page. */
            next_cursor: string | null;
        };
        Address: {
            /**
             * @description The recipient.
             * @example Ann Lee
             */
            name: string;
            /**
             * @description Street and number.
             * @example 1 Mill Lane
             */
            line1: string;
            line2?: string | null;
            /**
             * @description City or town.
             * @example Portland
             */
            city: string;
            region?: string | null;
            postal_code?: string | null;
            /**
             * @description ISO 3166-1 alpha-2. Older orders contain free text.
             * @example US
             */
            country: string;
        };
        Tracking: {
            /** @example UPS */
            carrier: string;
            /** @example 1Z999AA10123456784 */
            tracking_number: string;
        };
        OrderItem: {
            /**
             * Format: int64
             * @example 1
             */
            product_id: number;
            /** @example A blue bowl */
            title: string;
            /** @example 1 */
            quantity: number;
            /**
             * @description US dollars as a decimal string with 2 decimals.
             * @example 24.50
             */
            price_at_purchase: string;
        };
        Order: {
            /**
             * Format: int64
             * @example 202611000100004
             */
            id: number;
            /**
             * Format: int64
             * @example 202611000100003
             */
            checkout_id: number;
            /**
             * Format: int64
             * @example 1
             */
            shop_id: number;
            /**
             * Format: int64
             * @example 1
             */
            buyer_id: number;
            /**
             * @example paid
             * @enum {string}
             */
            status: "pending" | "paid" | "shipped" | "delivered" | "cancelled" | "refunded";
            /**
             * @description US dollars as a decimal string with 2 decimals.
             * @example 24.50
             */
            subtotal: string;
            /**
             * @description US dollars as a decimal string with 2 decimals.
             * @example 5.00
             */
            shipping: string;
            /**
             * @description US dollars as a decimal string with 2 decimals.
             * @example 29.50
             */
            total: string;
            shipping_address: components["schemas"]["Address"];
            /** @example null */
            tracking: components["schemas"]["Tracking"] | null;
            items: components["schemas"]["OrderItem"][];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-23T09:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-23T09:30:00.000Z
             */
            updated_at: string;
        };
        OrderPage: {
            items: components["schemas"]["Order"][];
            /** @description Send it as `cursor` to get the next page; null on the last page. */
            next_cursor: string | null;
        };
        /** @description The sums over all days in `items`. */
        StatisticsTotals: {
            /**
             * @description The number of reads of the shop's product pages.
             * @example 340
             */
            views: number;
            /**
             * @description Favorites of the shop and its products that were added on that day and still existed at the last computation.
             * @example 12
             */
            favorites: number;
            /**
             * @description New cart lines with products of the shop, bought or not. A higher quantity is not a new line. An item that was removed and added again is a new line.
             * @example 9
             */
            carts: number;
            /**
             * @description Orders paid on that day, including those cancelled or refunded later.
             * @example 3
             */
            orders: number;
            /**
             * @description Units in these orders.
             * @example 4
             */
            units: number;
            /**
             * @description The totals of these orders with shipping, in US dollars. Excludes refunds, see `refunded`.
             * @example 88.50
             */
            revenue: string;
            /**
             * @description The totals of paid orders that were cancelled or refunded on that day, in US dollars, whenever they were paid.
             * @example 29.50
             */
            refunded: string;
        };
        StatisticsDay: {
            /**
             * Format: date
             * @description A day in UTC.
             * @example 2026-11-23
             */
            day: string;
            /**
             * @description The number of reads of the shop's product pages.
             * @example 340
             */
            views: number;
            /**
             * @description Favorites of the shop and its products that were added on that day and still existed at the last computation.
             * @example 12
             */
            favorites: number;
            /**
             * @description New cart lines with products of the shop, bought or not. A higher quantity is not a new line. An item that was removed and added again is a new line.
             * @example 9
             */
            carts: number;
            /**
             * @description Orders paid on that day, including those cancelled or refunded later.
             * @example 3
             */
            orders: number;
            /**
             * @description Units in these orders.
             * @example 4
             */
            units: number;
            /**
             * @description The totals of these orders with shipping, in US dollars. Excludes refunds, see `refunded`.
             * @example 88.50
             */
            revenue: string;
            /**
             * @description The totals of paid orders that were cancelled or refunded on that day, in US dollars, whenever they were paid.
             * @example 29.50
             */
            refunded: string;
        };
        ShopStatistics: {
            /**
             * Format: int64
             * @example 1
             */
            shop_id: number;
            /**
             * Format: date
             * @description The first day, in UTC.
             * @example 2026-11-23
             */
            from: string;
            /**
             * Format: date
             * @description The last day, in UTC, inclusive.
             * @example 2026-11-23
             */
            to: string;
            computed_at: string | null;
            totals: components["schemas"]["StatisticsTotals"];
            /** @description One entry for each UTC day, including days without events, oldest first. The last three days can still change. */
            items: components["schemas"]["StatisticsDay"][];
        };
        ProductChanges: {
            /** @example A blue bowl */
            title?: string;
            /** @example Thrown by hand, glazed twice. */
            description?: string;
            /**
             * @description US dollars above 0 as a decimal string with 0 to 2 decimals.
             * @example 24.50
             */
            price?: string;
            /**
             * @description The stock on hand. 1 for a one-of-a-kind item.
             * @example 1
             */
            quantity?: number;
            /**
             * Format: int64
             * @example 1
             */
            category_id?: number;
            tags?: string[];
            images?: string[];
            /** @example false */
            is_vintage?: boolean;
            sku?: string | null;
            who_made?: ("i_did" | "someone_else" | "collective") | null;
            when_made?: string | null;
        };
        ProductQuantity: {
            /**
             * Format: int64
             * @example 1
             */
            product_id: number;
            /** @example 1 */
            quantity: number;
            /** @enum {string} */
            state: "active" | "sold_out" | "archived";
        };
        QuantityInput: {
            /**
             * @description The stock on hand. 1 for a one-of-a-kind item.
             * @example 1
             */
            quantity: number;
        };
        Category: {
            /**
             * Format: int64
             * @example 1
             */
            id: number;
            /** @example jewelry */
            slug: string;
            /** @example Jewelry */
            name: string;
            children: components["schemas"]["Category"][];
        };
        CategoryTree: {
            /**
             * @example [
             *       {
             *         "id": 1,
             *         "slug": "gifts-home",
             *         "name": "Gifts & Home",
             *         "children": [
             *           {
             *             "id": 9,
             *             "slug": "jewelry",
             *             "name": "Jewelry",
             *             "children": []
             *           }
             *         ]
             *       }
             *     ]
             */
            items: components["schemas"]["Category"][];
        };
        CategoryLink: {
            /**
             * Format: int64
             * @example 1
             */
            id: number;
            /** @example jewelry */
            slug: string;
            /** @example Jewelry */
            name: string;
        };
        CategoryDetails: {
            /**
             * Format: int64
             * @example 9
             */
            id: number;
            /** @example jewelry */
            slug: string;
            /** @example Jewelry */
            name: string;
            /**
             * @description From the root down.
             * @example [
             *       {
             *         "id": 1,
             *         "slug": "gifts-home",
             *         "name": "Gifts & Home"
             *       }
             *     ]
             */
            ancestors: components["schemas"]["CategoryLink"][];
            /** @example [] */
            children: components["schemas"]["Category"][];
        };
        CategoryCount: {
            /** @example gifts-home */
            slug: string;
            /** @example Gifts & Home */
            name: string;
            /** @example 1 */
            count: number;
        };
        /** @description `from` is in the range, `to` is not. The first range has no `from`, the last no `to`. */
        PriceRange: {
            /** @example under_25 */
            key: string;
            /** @example null */
            from: string | null;
            /** @example 25.00 */
            to: string | null;
            /** @example 1 */
            count: number;
        };
        VintageCount: {
            is_vintage: boolean;
            /** @example 1 */
            count: number;
        };
        SearchFacets: {
            categories: components["schemas"]["CategoryCount"][];
            price_ranges: components["schemas"]["PriceRange"][];
            vintage: components["schemas"]["VintageCount"][];
        };
        SearchResult: {
            items: components["schemas"]["Product"][];
            next_cursor: string | null;
            /** @example 1 */
            total: number;
            total_is_lower_bound: boolean;
            facets: components["schemas"]["SearchFacets"];
            did_you_mean: string | null;
            showing_results_for: string | null;
            /** @description Whether a fallback ran the search because the configured engine failed. */
            degraded: boolean;
            /** @example 8 */
            took_ms: number;
        };
        SuggestedCategory: {
            /** @example gifts-home */
            slug: string;
            /** @example Gifts & Home */
            name: string;
        };
        SuggestedShop: {
            /**
             * Format: int64
             * @example 1
             */
            id: number;
            /** @example Kiln & Loom */
            name: string;
        };
        Suggestions: {
            /** @description Queries with results. */
            items: string[];
            categories: components["schemas"]["SuggestedCategory"][];
            shops: components["schemas"]["SuggestedShop"][];
        };
        Recommendation: {
            /**
             * Format: int64
             * @example 1
             */
            id: number;
            sku: string | null;
            shop: components["schemas"]["ShopSummary"];
            /** @example A blue bowl */
            title: string;
            /** @example Thrown by hand, glazed twice. */
            description: string;
            /**
             * @description US dollars as a decimal string with 2 decimals.
             * @example 24.50
             */
            price: string;
            /** @example 1 */
            quantity: number;
            /** @enum {string} */
            state: "active" | "sold_out" | "archived";
            category_id: number | null;
            tags: string[];
            images: string[];
            /** @example false */
            is_vintage: boolean;
            who_made: ("i_did" | "someone_else" | "collective") | null;
            when_made: string | null;
            /**
             * @description The number of accounts that like the product.
             * @example 7
             */
            favorites_count: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-23T09:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-23T09:30:00.000Z
             */
            updated_at: string;
            /**
             * @description The reason for the recommendation, as text.
             * @example Liked together with A green bowl
             */
            reason: string;
        };
        RecommendationPage: {
            items: components["schemas"]["Recommendation"][];
            /** @description Send it as `cursor` to get the next page; null on the last page. */
            next_cursor: string | null;
        };
        /** @description The change since the buyer added the item, or null. */
        PriceChange: {
            /**
             * @description US dollars as a decimal string with 2 decimals.
             * @example 24.50
             */
            from: string;
            /**
             * @description US dollars as a decimal string with 2 decimals.
             * @example 24.50
             */
            to: string;
        };
        CartLine: {
            /**
             * Format: int64
             * @example 1
             */
            product_id: number;
            /** @example A blue bowl */
            title: string;
            /** @example 1 */
            quantity: number;
            /**
             * @description US dollars as a decimal string with 2 decimals.
             * @example 24.50
             */
            unit_price: string;
            price_when_added: string | null;
            reserved_until: string | null;
            /** @example null */
            price_changed: components["schemas"]["PriceChange"] | null;
            /**
             * @description Whether the line can be ordered now.
             * @example true
             */
            available: boolean;
            /**
             * @description The number of units that this buyer can order now.
             * @example 1
             */
            available_quantity: number;
            /** @example null */
            unavailable_reason: ("archived" | "own_item" | "shop_on_vacation" | "sold_out" | "insufficient_stock" | "item_reserved") | null;
        };
        CartShop: {
            shop: components["schemas"]["ShopSummary"];
            items: components["schemas"]["CartLine"][];
            /**
             * @description US dollars as a decimal string with 2 decimals.
             * @example 24.50
             */
            subtotal: string;
            /**
             * @description US dollars as a decimal string with 2 decimals.
             * @example 5.00
             */
            shipping: string;
            /**
             * @description US dollars as a decimal string with 2 decimals.
             * @example 29.50
             */
            total: string;
        };
        LapsedLine: {
            /**
             * Format: int64
             * @example 1
             */
            product_id: number;
            /** @example A blue bowl */
            title: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-23T09:30:00.000Z
             */
            lapsed_at: string;
        };
        /** @description Subtotals, shipping and totals cover the lines that can be ordered now. */
        Cart: {
            shops: components["schemas"]["CartShop"][];
            /**
             * @description US dollars as a decimal string with 2 decimals.
             * @example 24.50
             */
            subtotal: string;
            /**
             * @description US dollars as a decimal string with 2 decimals.
             * @example 5.00
             */
            shipping: string;
            /**
             * @description US dollars as a decimal string with 2 decimals.
             * @example 29.50
             */
            total: string;
            /** @description Items that left the cart in the last day because their hold ended, newest first. */
            lapsed: components["schemas"]["LapsedLine"][];
        };
        CartItemInput: {
            /**
             * Format: int64
             * @example 1
             */
            product_id: number;
            /** @example 1 */
            quantity: number;
        };
        CartItemAdded: {
            /**
             * @description Always true. An error has `success` false.
             * @example true
             */
            success: boolean;
            reserved_until: string | null;
        };
        CartItemChanges: {
            /** @example 1 */
            quantity: number;
        };
        AddressInput: {
            /** @example Ann Lee */
            name: string;
            /** @example 1 Mill Lane */
            line1: string;
            line2?: string | null;
            /** @example Portland */
            city: string;
            region?: string | null;
            postal_code?: string | null;
            /**
             * @description ISO 3166-1 alpha-2.
             * @example US
             */
            country: string;
        };
        CheckoutInput: {
            shipping_address: components["schemas"]["AddressInput"];
            /**
             * @description A payment method of the payment provider, such as `pm_card_visa` of the simulated one.
             * @example pm_card_visa
             */
            payment_method: string;
            /** @example null */
            expected_total?: string | null;
        };
        CheckoutPayment: {
            /**
             * Format: int64
             * @example 1
             */
            id: number;
            /**
             * @example paid
             * @enum {string}
             */
            status: "pending" | "paid" | "declined" | "failed" | "refunded";
        };
        Checkout: {
            /**
             * Format: int64
             * @example 202611000100003
             */
            checkout_id: number;
            /**
             * @example paid
             * @enum {string}
             */
            status: "pending" | "paid" | "cancelled";
            /**
             * @description US dollars as a decimal string with 2 decimals.
             * @example 24.50
             */
            subtotal: string;
            /**
             * @description US dollars as a decimal string with 2 decimals.
             * @example 5.00
             */
            shipping: string;
            /**
             * @description US dollars as a decimal string with 2 decimals.
             * @example 29.50
             */
            total: string;
            payment: components["schemas"]["CheckoutPayment"];
            shipping_address: components["schemas"]["Address"];
            orders: components["schemas"]["Order"][];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-23T09:30:00.000Z
             */
            created_at: string;
        };
        OrderEvent: {
            /**
             * Format: int64
             * @example 1
             */
            id: number;
            /**
             * Format: int64
             * @example 202611000100004
             */
            order_id: number;
            /**
             * @example shipped
             * @enum {string}
             */
            status: "pending" | "paid" | "shipped" | "delivered" | "cancelled" | "refunded";
            actor_id: number | null;
            /** @description Details of the event: tracking, a reason. */
            detail: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-23T09:30:00.000Z
             */
            created_at: string;
        };
        OrderEventPage: {
            items: components["schemas"]["OrderEvent"][];
            /** @description Send it as `cursor` to get the next page; null on the last page. */
            next_cursor: string | null;
        };
        ReviewInput: {
            /** @example 5 */
            rating: number;
            /** @example Even finer than in the picture. */
            comment?: string;
        };
        ReplyInput: {
            /** @example Thank you! */
            comment: string;
        };
        Favorite: {
            /** @enum {string} */
            fav_type: "product" | "shop";
            /**
             * Format: int64
             * @example 1
             */
            fav_id: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-23T09:30:00.000Z
             */
            created_at: string;
            product: components["schemas"]["Product"] | null;
            /** @example null */
            shop: components["schemas"]["Shop"] | null;
        };
        FavoritePage: {
            items: components["schemas"]["Favorite"][];
            /** @description Send it as `cursor` to get the next page; null on the last page. */
            next_cursor: string | null;
        };
        /** @description Fit in 200 and 600 pixels square. */
        Thumbnails: {
            /**
             * Format: uri
             * @example https://example.com/pictures/1-0123456789abcdef0123456789abcdef/small.webp
             */
            small: string;
            /**
             * Format: uri
             * @example https://example.com/pictures/1-0123456789abcdef0123456789abcdef/medium.webp
             */
            medium: string;
        };
        Picture: {
            /**
             * Format: int64
             * @example 1
             */
            id: number;
            /**
             * Format: uri
             * @example https://example.com/pictures/1-0123456789abcdef0123456789abcdef/full.webp
             */
            url: string;
            /**
             * @description The width of the full picture in pixels.
             * @example 1600
             */
            width: number;
            /**
             * @description The width of the full picture in pixels.
             * @example 1600
             */
            height: number;
            /**
             * @description The size of all its files in bytes.
             * @example 310000
             */
            bytes: number;
            thumbnails: components["schemas"]["Thumbnails"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-23T09:30:00.000Z
             */
            created_at: string;
        };
        PicturePage: {
            items: components["schemas"]["Picture"][];
            /** @description Send it as `cursor` to get the next page; null on the last page. */
            next_cursor: string | null;
        };
        EventReceived: {
            /**
             * @description Always true.
             * @example true
             */
            received: boolean;
        };
        Liveness: {
            /** @constant */
            status: "ok";
        };
        /** @description The result of each check, with `?verbose`. The service works without a part that is `degraded`. */
        ReadinessChecks: {
            /** @enum {string} */
            process: "ok" | "failed" | "degraded" | "unused";
            /** @enum {string} */
            database: "ok" | "failed" | "degraded" | "unused";
            /** @enum {string} */
            migrations: "ok" | "failed" | "degraded" | "unused";
            /** @enum {string} */
            redis: "ok" | "failed" | "degraded" | "unused";
        };
        Readiness: {
            /** @constant */
            status: "ready";
            /** @enum {string} */
            search: "elasticsearch" | "postgres" | "plain";
            /** @description Whether a fallback runs the searches instead of the configured engine. */
            search_degraded: boolean;
            /**
             * @example redis
             * @enum {string}
             */
            cache: "in_process" | "redis";
            checks?: components["schemas"]["ReadinessChecks"];
        };
        OpenApiDocument: {
            /** @example 3.1.0 */
            openapi: string;
        };
    };
    responses: {
        /** @description `malformed_json`: The body is not valid JSON · `invalid_query`: Unknown query parameter */
        "malformed_json.invalid_query": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `request_timeout`: The request took too long */
        request_timeout: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `email_taken`: The e-mail already has an account */
        email_taken: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `payload_too_large`: The body is too large */
        payload_too_large: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unsupported_media_type`: The media type is not supported */
        unsupported_media_type: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid_input`: The input is not valid */
        invalid_input: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `too_many_at_once`: Too many concurrent requests · `too_many_requests`: Too many requests */
        "too_many_at_once.too_many_requests": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `internal_error`: Something went wrong */
        internal_error: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unavailable`: Try again in a moment */
        unavailable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid_query`: Unknown query parameter */
        invalid_query: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unauthorized`: Sign in first */
        unauthorized: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `too_many_requests`: Too many requests */
        too_many_requests: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid_credentials`: E-mail and password do not match */
        invalid_credentials: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `not_found`: Not found */
        not_found: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `malformed_json`: The body is not valid JSON · `invalid_query`: Unknown query parameter · `idempotency_key_invalid`: Idempotency-Key is not valid */
        "malformed_json.invalid_query.idempotency_key_invalid": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `quota_exceeded`: The account has reached its quota · `idempotency_in_progress`: In progress */
        "quota_exceeded.idempotency_in_progress.replayable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                /**
                 * @description Seconds to wait before the next try.
                 * @example 30
                 */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid_input`: The input is not valid · `idempotency_mismatch`: The Idempotency-Key belongs to another request */
        "invalid_input.idempotency_mismatch.replayable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `too_many_keys`: The daily limit of Idempotency-Keys is reached · `too_many_at_once`: Too many concurrent requests · `too_many_requests`: Too many requests */
        "too_many_keys.too_many_at_once.too_many_requests": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `if_match_invalid`: If-Match is not valid · `malformed_json`: The body is not valid JSON · `invalid_query`: Unknown query parameter */
        "if_match_invalid.malformed_json.invalid_query": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `not_owner`: Only the owner may do this */
        not_owner: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `precondition_failed`: The resource has changed since you read it */
        precondition_failed: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `not_owner`: Only the owner may do this */
        "not_owner.replayable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `not_found`: Not found */
        "not_found.replayable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `quota_exceeded`: The account has reached its quota · `sku_taken`: The shop already uses this sku · `idempotency_in_progress`: In progress */
        "quota_exceeded.sku_taken.idempotency_in_progress.replayable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                /**
                 * @description Seconds to wait before the next try.
                 * @example 30
                 */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `if_match_invalid`: If-Match is not valid · `malformed_json`: The body is not valid JSON · `invalid_query`: Unknown query parameter · `idempotency_key_invalid`: Idempotency-Key is not valid */
        "if_match_invalid.malformed_json.invalid_query.idempotency_key_invalid": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `sku_taken`: The shop already uses this sku · `idempotency_in_progress`: In progress */
        "sku_taken.idempotency_in_progress.replayable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                /**
                 * @description Seconds to wait before the next try.
                 * @example 30
                 */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `precondition_failed`: The resource has changed since you read it */
        "precondition_failed.replayable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `precondition_required`: If-Match is missing */
        precondition_required: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `idempotency_in_progress`: In progress */
        "idempotency_in_progress.replayable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                /**
                 * @description Seconds to wait before the next try.
                 * @example 30
                 */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `insufficient_stock`: Not enough in stock · `own_item`: The item is from your own shop · `cart_full`: The cart is full · `too_many_reservations`: The buyer holds too many items · `item_reserved`: Another buyer holds the item · `shop_on_vacation`: The shop is on vacation · `idempotency_in_progress`: In progress */
        "insufficient_stock.own_item.cart_full.too_many_reservations.item_reserved.shop_on_vacation.idempotency_in_progress.replayable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                /**
                 * @description Seconds to wait before the next try.
                 * @example 30
                 */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `insufficient_stock`: Not enough in stock · `own_item`: The item is from your own shop · `too_many_reservations`: The buyer holds too many items · `item_reserved`: Another buyer holds the item · `shop_on_vacation`: The shop is on vacation · `idempotency_in_progress`: In progress */
        "insufficient_stock.own_item.too_many_reservations.item_reserved.shop_on_vacation.idempotency_in_progress.replayable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                /**
                 * @description Seconds to wait before the next try.
                 * @example 30
                 */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `malformed_json`: The body is not valid JSON · `invalid_query`: Unknown query parameter · `idempotency_key_missing`: Idempotency-Key is missing · `idempotency_key_invalid`: Idempotency-Key is not valid */
        "malformed_json.invalid_query.idempotency_key_missing.idempotency_key_invalid": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `payment_declined`: The payment was declined */
        "payment_declined.replayable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `insufficient_stock`: Not enough in stock · `own_item`: The item is from your own shop · `item_reserved`: Another buyer holds the item · `shop_on_vacation`: The shop is on vacation · `cart_empty`: The cart is empty · `price_changed`: The total of the cart has changed · `idempotency_in_progress`: In progress */
        "insufficient_stock.own_item.item_reserved.shop_on_vacation.cart_empty.price_changed.idempotency_in_progress.replayable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                /**
                 * @description Seconds to wait before the next try.
                 * @example 30
                 */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `payment_unavailable`: The payment provider cannot be reached · `unavailable`: Try again in a moment */
        "payment_unavailable.unavailable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `wrong_order_state`: The order's status does not allow this · `idempotency_in_progress`: In progress */
        "wrong_order_state.idempotency_in_progress.replayable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                /**
                 * @description Seconds to wait before the next try.
                 * @example 30
                 */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `wrong_order_state`: The order's status does not allow this · `already_reviewed`: The order already has a review · `idempotency_in_progress`: In progress */
        "wrong_order_state.already_reviewed.idempotency_in_progress.replayable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                /**
                 * @description Seconds to wait before the next try.
                 * @example 30
                 */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `quota_exceeded`: The account has reached its quota */
        quota_exceeded: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `too_many_pictures`: The daily limit of pictures is reached · `too_many_at_once`: Too many concurrent requests · `too_many_requests`: Too many requests */
        "too_many_pictures.too_many_at_once.too_many_requests": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid_query`: Unknown query parameter */
        "invalid_query.unlimited": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `not_found`: Not found */
        "not_found.unlimited": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid_input`: The input is not valid */
        "invalid_input.unlimited": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `internal_error`: Something went wrong */
        "internal_error.unlimited": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unavailable`: Try again in a moment */
        "unavailable.unlimited": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `malformed_json`: The body is not valid JSON · `invalid_query`: Unknown query parameter · `invalid_signature`: The signature is not valid */
        "malformed_json.invalid_query.invalid_signature": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /**
         * @description The id of the call in the logs: the X-Request-Id of the request, if it has one.
         * @example 0c8f2c8e-6c1b-4a6b-9d0a-3f5f0c3b7f1e
         */
        "X-Request-Id": string;
        /**
         * @description The calls left (r), and the seconds until the limit resets (t).
         * @example "user";r=1187;t=42
         */
        RateLimit: string;
        /**
         * @description The rate limit of this call: the number of calls (q) and the window in seconds (w).
         * @example "user";q=1200;w=60
         */
        "RateLimit-Policy": string;
        /**
         * @description Seconds to wait before the next try.
         * @example 30
         */
        "Retry-After": string;
        /**
         * @description The authentication scheme.
         * @example Bearer
         */
        "WWW-Authenticate": string;
        /**
         * @description The version of the resource, for If-None-Match. That of a listing or a shop is also for If-Match.
         * @example "1-1764547200000000"
         */
        ETag: string;
        /** @description The URL of the resource. */
        Location: string;
        /**
         * @description The URL of the next page, as rel="next". Missing on the last page.
         * @example </v1/search?q=bowl&cursor=WzEyXQ.4mPzO2>; rel="next"
         */
        Link: string;
        /** @description true if the response is a replay of the first call with this Idempotency-Key. */
        "Idempotency-Replayed": "true";
    };
    pathItems: never;
}
export type InputError = components['schemas']['InputError'];
export type Problem = components['schemas']['Problem'];
export type UserInput = components['schemas']['UserInput'];
export type User = components['schemas']['User'];
export type UserChanges = components['schemas']['UserChanges'];
export type PasswordChange = components['schemas']['PasswordChange'];
export type ShippingProfile = components['schemas']['ShippingProfile'];
export type Shop = components['schemas']['Shop'];
export type ShopPage = components['schemas']['ShopPage'];
export type ShopSummary = components['schemas']['ShopSummary'];
export type Product = components['schemas']['Product'];
export type ProductPage = components['schemas']['ProductPage'];
export type Credentials = components['schemas']['Credentials'];
export type Session = components['schemas']['Session'];
export type LiveSession = components['schemas']['LiveSession'];
export type LiveSessions = components['schemas']['LiveSessions'];
export type ShippingProfileInput = components['schemas']['ShippingProfileInput'];
export type ShopInput = components['schemas']['ShopInput'];
export type ShopChanges = components['schemas']['ShopChanges'];
export type ProductInput = components['schemas']['ProductInput'];
export type Reviewer = components['schemas']['Reviewer'];
export type Reply = components['schemas']['Reply'];
export type Review = components['schemas']['Review'];
export type ReviewPage = components['schemas']['ReviewPage'];
export type Address = components['schemas']['Address'];
export type Tracking = components['schemas']['Tracking'];
export type OrderItem = components['schemas']['OrderItem'];
export type Order = components['schemas']['Order'];
export type OrderPage = components['schemas']['OrderPage'];
export type StatisticsTotals = components['schemas']['StatisticsTotals'];
export type StatisticsDay = components['schemas']['StatisticsDay'];
export type ShopStatistics = components['schemas']['ShopStatistics'];
export type ProductChanges = components['schemas']['ProductChanges'];
export type ProductQuantity = components['schemas']['ProductQuantity'];
export type QuantityInput = components['schemas']['QuantityInput'];
export type Category = components['schemas']['Category'];
export type CategoryTree = components['schemas']['CategoryTree'];
export type CategoryLink = components['schemas']['CategoryLink'];
export type CategoryDetails = components['schemas']['CategoryDetails'];
export type CategoryCount = components['schemas']['CategoryCount'];
export type PriceRange = components['schemas']['PriceRange'];
export type VintageCount = components['schemas']['VintageCount'];
export type SearchFacets = components['schemas']['SearchFacets'];
export type SearchResult = components['schemas']['SearchResult'];
export type SuggestedCategory = components['schemas']['SuggestedCategory'];
export type SuggestedShop = components['schemas']['SuggestedShop'];
export type Suggestions = components['schemas']['Suggestions'];
export type Recommendation = components['schemas']['Recommendation'];
export type RecommendationPage = components['schemas']['RecommendationPage'];
export type PriceChange = components['schemas']['PriceChange'];
export type CartLine = components['schemas']['CartLine'];
export type CartShop = components['schemas']['CartShop'];
export type LapsedLine = components['schemas']['LapsedLine'];
export type Cart = components['schemas']['Cart'];
export type CartItemInput = components['schemas']['CartItemInput'];
export type CartItemAdded = components['schemas']['CartItemAdded'];
export type CartItemChanges = components['schemas']['CartItemChanges'];
export type AddressInput = components['schemas']['AddressInput'];
export type CheckoutInput = components['schemas']['CheckoutInput'];
export type CheckoutPayment = components['schemas']['CheckoutPayment'];
export type Checkout = components['schemas']['Checkout'];
export type OrderEvent = components['schemas']['OrderEvent'];
export type OrderEventPage = components['schemas']['OrderEventPage'];
export type ReviewInput = components['schemas']['ReviewInput'];
export type ReplyInput = components['schemas']['ReplyInput'];
export type Favorite = components['schemas']['Favorite'];
export type FavoritePage = components['schemas']['FavoritePage'];
export type Thumbnails = components['schemas']['Thumbnails'];
export type Picture = components['schemas']['Picture'];
export type PicturePage = components['schemas']['PicturePage'];
export type EventReceived = components['schemas']['EventReceived'];
export type Liveness = components['schemas']['Liveness'];
export type ReadinessChecks = components['schemas']['ReadinessChecks'];
export type Readiness = components['schemas']['Readiness'];
export type OpenApiDocument = components['schemas']['OpenApiDocument'];
export type ResponseMalformedJsonInvalidQuery = components['responses']['malformed_json.invalid_query'];
export type ResponseRequestTimeout = components['responses']['request_timeout'];
export type ResponseEmailTaken = components['responses']['email_taken'];
export type ResponsePayloadTooLarge = components['responses']['payload_too_large'];
export type ResponseUnsupportedMediaType = components['responses']['unsupported_media_type'];
export type ResponseInvalidInput = components['responses']['invalid_input'];
export type ResponseTooManyAtOnceTooManyRequests = components['responses']['too_many_at_once.too_many_requests'];
export type ResponseInternalError = components['responses']['internal_error'];
export type ResponseUnavailable = components['responses']['unavailable'];
export type ResponseInvalidQuery = components['responses']['invalid_query'];
export type ResponseUnauthorized = components['responses']['unauthorized'];
export type ResponseTooManyRequests = components['responses']['too_many_requests'];
export type ResponseInvalidCredentials = components['responses']['invalid_credentials'];
export type ResponseNotFound = components['responses']['not_found'];
export type ResponseMalformedJsonInvalidQueryIdempotencyKeyInvalid = components['responses']['malformed_json.invalid_query.idempotency_key_invalid'];
export type ResponseQuotaExceededIdempotencyInProgressReplayable = components['responses']['quota_exceeded.idempotency_in_progress.replayable'];
export type ResponseInvalidInputIdempotencyMismatchReplayable = components['responses']['invalid_input.idempotency_mismatch.replayable'];
export type ResponseTooManyKeysTooManyAtOnceTooManyRequests = components['responses']['too_many_keys.too_many_at_once.too_many_requests'];
export type ResponseIfMatchInvalidMalformedJsonInvalidQuery = components['responses']['if_match_invalid.malformed_json.invalid_query'];
export type ResponseNotOwner = components['responses']['not_owner'];
export type ResponsePreconditionFailed = components['responses']['precondition_failed'];
export type ResponseNotOwnerReplayable = components['responses']['not_owner.replayable'];
export type ResponseNotFoundReplayable = components['responses']['not_found.replayable'];
export type ResponseQuotaExceededSkuTakenIdempotencyInProgressReplayable = components['responses']['quota_exceeded.sku_taken.idempotency_in_progress.replayable'];
export type ResponseIfMatchInvalidMalformedJsonInvalidQueryIdempotencyKeyInvalid = components['responses']['if_match_invalid.malformed_json.invalid_query.idempotency_key_invalid'];
export type ResponseSkuTakenIdempotencyInProgressReplayable = components['responses']['sku_taken.idempotency_in_progress.replayable'];
export type ResponsePreconditionFailedReplayable = components['responses']['precondition_failed.replayable'];
export type ResponsePreconditionRequired = components['responses']['precondition_required'];
export type ResponseIdempotencyInProgressReplayable = components['responses']['idempotency_in_progress.replayable'];
export type ResponseInsufficientStockOwnItemCartFullTooManyReservationsItemReservedShopOnVacationIdempotencyInProgressReplayable = components['responses']['insufficient_stock.own_item.cart_full.too_many_reservations.item_reserved.shop_on_vacation.idempotency_in_progress.replayable'];
export type ResponseInsufficientStockOwnItemTooManyReservationsItemReservedShopOnVacationIdempotencyInProgressReplayable = components['responses']['insufficient_stock.own_item.too_many_reservations.item_reserved.shop_on_vacation.idempotency_in_progress.replayable'];
export type ResponseMalformedJsonInvalidQueryIdempotencyKeyMissingIdempotencyKeyInvalid = components['responses']['malformed_json.invalid_query.idempotency_key_missing.idempotency_key_invalid'];
export type ResponsePaymentDeclinedReplayable = components['responses']['payment_declined.replayable'];
export type ResponseInsufficientStockOwnItemItemReservedShopOnVacationCartEmptyPriceChangedIdempotencyInProgressReplayable = components['responses']['insufficient_stock.own_item.item_reserved.shop_on_vacation.cart_empty.price_changed.idempotency_in_progress.replayable'];
export type ResponsePaymentUnavailableUnavailable = components['responses']['payment_unavailable.unavailable'];
export type ResponseWrongOrderStateIdempotencyInProgressReplayable = components['responses']['wrong_order_state.idempotency_in_progress.replayable'];
export type ResponseWrongOrderStateAlreadyReviewedIdempotencyInProgressReplayable = components['responses']['wrong_order_state.already_reviewed.idempotency_in_progress.replayable'];
export type ResponseQuotaExceeded = components['responses']['quota_exceeded'];
export type ResponseTooManyPicturesTooManyAtOnceTooManyRequests = components['responses']['too_many_pictures.too_many_at_once.too_many_requests'];
export type ResponseInvalidQueryUnlimited = components['responses']['invalid_query.unlimited'];
export type ResponseNotFoundUnlimited = components['responses']['not_found.unlimited'];
export type ResponseInvalidInputUnlimited = components['responses']['invalid_input.unlimited'];
export type ResponseInternalErrorUnlimited = components['responses']['internal_error.unlimited'];
export type ResponseUnavailableUnlimited = components['responses']['unavailable.unlimited'];
export type ResponseMalformedJsonInvalidQueryInvalidSignature = components['responses']['malformed_json.invalid_query.invalid_signature'];
export type HeaderXRequestId = components['headers']['X-Request-Id'];
export type HeaderRateLimit = components['headers']['RateLimit'];
export type HeaderRateLimitPolicy = components['headers']['RateLimit-Policy'];
export type HeaderRetryAfter = components['headers']['Retry-After'];
export type HeaderWwwAuthenticate = components['headers']['WWW-Authenticate'];
export type HeaderETag = components['headers']['ETag'];
export type HeaderLocation = components['headers']['Location'];
export type HeaderLink = components['headers']['Link'];
export type HeaderIdempotencyReplayed = components['headers']['Idempotency-Replayed'];
export type $defs = Record<string, never>;
export interface operations {
    registerUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ann@example.com",
                 *       "password": "correct horse battery",
                 *       "display_name": "Ann Lee"
                 *     }
                 */
                "application/json": components["schemas"]["UserInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 1,
                     *       "email": "ann@example.com",
                     *       "display_name": "Ann Lee",
                     *       "created_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["malformed_json.invalid_query"];
            408: components["responses"]["request_timeout"];
            409: components["responses"]["email_taken"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 1,
                     *       "email": "ann@example.com",
                     *       "display_name": "Ann Lee",
                     *       "created_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["invalid_query"];
            401: components["responses"]["unauthorized"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    updateMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "display_name": "Ann Lee"
                 *     }
                 */
                "application/json": components["schemas"]["UserChanges"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 1,
                     *       "email": "ann@example.com",
                     *       "display_name": "Ann Lee",
                     *       "created_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["malformed_json.invalid_query"];
            401: components["responses"]["unauthorized"];
            408: components["responses"]["request_timeout"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "current_password": "correct horse battery",
                 *       "new_password": "battery horse correct"
                 *     }
                 */
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description Done, without a body */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["malformed_json.invalid_query"];
            401: components["responses"]["unauthorized"];
            408: components["responses"]["request_timeout"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    listOwnShops: {
        parameters: {
            query?: {
                /** @description The number of items of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": 1,
                     *           "owner_id": 1,
                     *           "name": "Kiln & Loom",
                     *           "description": "Bowls and blankets.",
                     *           "banner_url": "https://example.com/banner.jpg",
                     *           "logo_url": "https://example.com/logo.jpg",
                     *           "rating": 4.8,
                     *           "review_count": 12,
                     *           "sales_count": 40,
                     *           "favorites_count": 25,
                     *           "product_count": 18,
                     *           "is_on_vacation": false,
                     *           "vacation_message": null,
                     *           "shipping": {
                     *             "base": "5.00",
                     *             "per_extra_item": "1.50",
                     *             "processing_days_min": 3,
                     *             "processing_days_max": 5
                     *           },
                     *           "created_at": "2026-11-23T09:30:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ShopPage"];
                };
            };
            400: components["responses"]["invalid_query"];
            401: components["responses"]["unauthorized"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    listOwnProducts: {
        parameters: {
            query?: {
                /** @description The number of items of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
                shop_id?: number;
                state?: "active" | "sold_out" | "archived";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": 1,
                     *           "sku": "BOWL-7",
                     *           "shop": {
                     *             "id": 1,
                     *             "name": "Kiln & Loom",
                     *             "rating": 4.8,
                     *             "is_on_vacation": false,
                     *             "vacation_message": null
                     *           },
                     *           "title": "A blue bowl",
                     *           "description": "Thrown by hand, glazed twice.",
                     *           "price": "24.50",
                     *           "quantity": 1,
                     *           "state": "active",
                     *           "category_id": 1,
                     *           "tags": [
                     *             "stoneware"
                     *           ],
                     *           "images": [
                     *             "https://example.com/bowl.jpg"
                     *           ],
                     *           "is_vintage": false,
                     *           "who_made": "i_did",
                     *           "when_made": "made_to_order",
                     *           "favorites_count": 7,
                     *           "created_at": "2026-11-23T09:30:00.000Z",
                     *           "updated_at": "2026-11-23T09:30:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ProductPage"];
                };
            };
            400: components["responses"]["invalid_query"];
            401: components["responses"]["unauthorized"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": 1,
                     *           "created_at": "2026-11-23T09:30:00.000Z",
                     *           "expires_at": "2026-12-23T09:30:00.000Z",
                     *           "current": true
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["LiveSessions"];
                };
            };
            400: components["responses"]["invalid_query"];
            401: components["responses"]["unauthorized"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ann@example.com",
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "token": "sw_3q2-7wEjRWeJq83vASNFZ4mrze8BI0VniavN7wEjRWc",
                     *       "expires_at": "2026-12-23T09:30:00.000Z",
                     *       "user": {
                     *         "id": 1,
                     *         "email": "ann@example.com",
                     *         "display_name": "Ann Lee",
                     *         "created_at": "2026-11-23T09:30:00.000Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["malformed_json.invalid_query"];
            401: components["responses"]["invalid_credentials"];
            408: components["responses"]["request_timeout"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    signOutEverywhere: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, without a body */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["malformed_json.invalid_query"];
            401: components["responses"]["unauthorized"];
            408: components["responses"]["request_timeout"];
            413: components["responses"]["payload_too_large"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, without a body */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["malformed_json.invalid_query"];
            401: components["responses"]["unauthorized"];
            408: components["responses"]["request_timeout"];
            413: components["responses"]["payload_too_large"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, without a body */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["malformed_json.invalid_query"];
            401: components["responses"]["unauthorized"];
            404: components["responses"]["not_found"];
            408: components["responses"]["request_timeout"];
            413: components["responses"]["payload_too_large"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    openShop: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes retries safe: the server runs the call once per key. 1 to 255 printable ASCII characters, with or without quotes. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Kiln & Loom",
                 *       "description": "Bowls and blankets.",
                 *       "banner_url": "https://example.com/banner.jpg",
                 *       "logo_url": "https://example.com/logo.jpg",
                 *       "shipping": {
                 *         "base": "5.00",
                 *         "per_extra_item": "1.50",
                 *         "processing_days_min": 3,
                 *         "processing_days_max": 5
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ShopInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Location: components["headers"]["Location"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 1,
                     *       "owner_id": 1,
                     *       "name": "Kiln & Loom",
                     *       "description": "Bowls and blankets.",
                     *       "banner_url": "https://example.com/banner.jpg",
                     *       "logo_url": "https://example.com/logo.jpg",
                     *       "rating": 4.8,
                     *       "review_count": 12,
                     *       "sales_count": 40,
                     *       "favorites_count": 25,
                     *       "product_count": 18,
                     *       "is_on_vacation": false,
                     *       "vacation_message": null,
                     *       "shipping": {
                     *         "base": "5.00",
                     *         "per_extra_item": "1.50",
                     *         "processing_days_min": 3,
                     *         "processing_days_max": 5
                     *       },
                     *       "created_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Shop"];
                };
            };
            400: components["responses"]["malformed_json.invalid_query.idempotency_key_invalid"];
            401: components["responses"]["unauthorized"];
            408: components["responses"]["request_timeout"];
            409: components["responses"]["quota_exceeded.idempotency_in_progress.replayable"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["invalid_input.idempotency_mismatch.replayable"];
            429: components["responses"]["too_many_keys.too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    getShop: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of your copy. The call returns 304 if the copy is current. */
                "If-None-Match"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 1,
                     *       "owner_id": 1,
                     *       "name": "Kiln & Loom",
                     *       "description": "Bowls and blankets.",
                     *       "banner_url": "https://example.com/banner.jpg",
                     *       "logo_url": "https://example.com/logo.jpg",
                     *       "rating": 4.8,
                     *       "review_count": 12,
                     *       "sales_count": 40,
                     *       "favorites_count": 25,
                     *       "product_count": 18,
                     *       "is_on_vacation": false,
                     *       "vacation_message": null,
                     *       "shipping": {
                     *         "base": "5.00",
                     *         "per_extra_item": "1.50",
                     *         "processing_days_min": 3,
                     *         "processing_days_max": 5
                     *       },
                     *       "created_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Shop"];
                };
            };
            /** @description The copy of the caller is current */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_query"];
            404: components["responses"]["not_found"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    updateShop: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the last read, or * for any. If the resource has changed since, the call returns 412. */
                "If-Match"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Kiln & Loom",
                 *       "description": "Bowls and blankets.",
                 *       "banner_url": "https://example.com/banner.jpg",
                 *       "logo_url": "https://example.com/logo.jpg",
                 *       "shipping": {
                 *         "base": "5.00",
                 *         "per_extra_item": "1.50",
                 *         "processing_days_min": 3,
                 *         "processing_days_max": 5
                 *       },
                 *       "is_on_vacation": false,
                 *       "vacation_message": "Back on the first of May."
                 *     }
                 */
                "application/json": components["schemas"]["ShopChanges"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 1,
                     *       "owner_id": 1,
                     *       "name": "Kiln & Loom",
                     *       "description": "Bowls and blankets.",
                     *       "banner_url": "https://example.com/banner.jpg",
                     *       "logo_url": "https://example.com/logo.jpg",
                     *       "rating": 4.8,
                     *       "review_count": 12,
                     *       "sales_count": 40,
                     *       "favorites_count": 25,
                     *       "product_count": 18,
                     *       "is_on_vacation": false,
                     *       "vacation_message": null,
                     *       "shipping": {
                     *         "base": "5.00",
                     *         "per_extra_item": "1.50",
                     *         "processing_days_min": 3,
                     *         "processing_days_max": 5
                     *       },
                     *       "created_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Shop"];
                };
            };
            400: components["responses"]["if_match_invalid.malformed_json.invalid_query"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["not_owner"];
            404: components["responses"]["not_found"];
            408: components["responses"]["request_timeout"];
            412: components["responses"]["precondition_failed"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    listShopProducts: {
        parameters: {
            query?: {
                /** @description The number of items of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The ETag of your copy. The call returns 304 if the copy is current. */
                "If-None-Match"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Link: components["headers"]["Link"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": 1,
                     *           "sku": "BOWL-7",
                     *           "shop": {
                     *             "id": 1,
                     *             "name": "Kiln & Loom",
                     *             "rating": 4.8,
                     *             "is_on_vacation": false,
                     *             "vacation_message": null
                     *           },
                     *           "title": "A blue bowl",
                     *           "description": "Thrown by hand, glazed twice.",
                     *           "price": "24.50",
                     *           "quantity": 1,
                     *           "state": "active",
                     *           "category_id": 1,
                     *           "tags": [
                     *             "stoneware"
                     *           ],
                     *           "images": [
                     *             "https://example.com/bowl.jpg"
                     *           ],
                     *           "is_vintage": false,
                     *           "who_made": "i_did",
                     *           "when_made": "made_to_order",
                     *           "favorites_count": 7,
                     *           "created_at": "2026-11-23T09:30:00.000Z",
                     *           "updated_at": "2026-11-23T09:30:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ProductPage"];
                };
            };
            /** @description The copy of the caller is current */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_query"];
            404: components["responses"]["not_found"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    listProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes retries safe: the server runs the call once per key. 1 to 255 printable ASCII characters, with or without quotes. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "A blue bowl",
                 *       "description": "Thrown by hand, glazed twice.",
                 *       "price": "24.50",
                 *       "quantity": 1,
                 *       "category_id": 1,
                 *       "tags": [
                 *         "stoneware"
                 *       ],
                 *       "images": [
                 *         "https://example.com/bowl.jpg"
                 *       ],
                 *       "is_vintage": false,
                 *       "sku": "BOWL-7",
                 *       "who_made": "i_did",
                 *       "when_made": "made_to_order"
                 *     }
                 */
                "application/json": components["schemas"]["ProductInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Location: components["headers"]["Location"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 1,
                     *       "sku": "BOWL-7",
                     *       "shop": {
                     *         "id": 1,
                     *         "name": "Kiln & Loom",
                     *         "rating": 4.8,
                     *         "is_on_vacation": false,
                     *         "vacation_message": null
                     *       },
                     *       "title": "A blue bowl",
                     *       "description": "Thrown by hand, glazed twice.",
                     *       "price": "24.50",
                     *       "quantity": 1,
                     *       "state": "active",
                     *       "category_id": 1,
                     *       "tags": [
                     *         "stoneware"
                     *       ],
                     *       "images": [
                     *         "https://example.com/bowl.jpg"
                     *       ],
                     *       "is_vintage": false,
                     *       "who_made": "i_did",
                     *       "when_made": "made_to_order",
                     *       "favorites_count": 7,
                     *       "created_at": "2026-11-23T09:30:00.000Z",
                     *       "updated_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["malformed_json.invalid_query.idempotency_key_invalid"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["not_owner.replayable"];
            404: components["responses"]["not_found.replayable"];
            408: components["responses"]["request_timeout"];
            409: components["responses"]["quota_exceeded.sku_taken.idempotency_in_progress.replayable"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["invalid_input.idempotency_mismatch.replayable"];
            429: components["responses"]["too_many_keys.too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    listShopReviews: {
        parameters: {
            query?: {
                /** @description The number of items of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The ETag of your copy. The call returns 304 if the copy is current. */
                "If-None-Match"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Link: components["headers"]["Link"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": 1,
                     *           "order_id": 202611000100004,
                     *           "shop_id": 1,
                     *           "reviewer": {
                     *             "id": 1,
                     *             "display_name": "Ann Lee"
                     *           },
                     *           "rating": 5,
                     *           "comment": "Even finer than in the picture.",
                     *           "reply": {
                     *             "comment": "Thank you!",
                     *             "created_at": "2026-11-23T09:30:00.000Z"
                     *           },
                     *           "created_at": "2026-11-23T09:30:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ReviewPage"];
                };
            };
            /** @description The copy of the caller is current */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_query"];
            404: components["responses"]["not_found"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    listShopOrders: {
        parameters: {
            query?: {
                /** @description The number of items of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
                status?: "pending" | "paid" | "shipped" | "delivered" | "cancelled" | "refunded";
                /** @description Only orders created at this time or later. */
                created_from?: string;
                /** @description Only orders created before this time. */
                created_to?: string;
                buyer_id?: number;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": 202611000100004,
                     *           "checkout_id": 202611000100003,
                     *           "shop_id": 1,
                     *           "buyer_id": 1,
                     *           "status": "paid",
                     *           "subtotal": "24.50",
                     *           "shipping": "5.00",
                     *           "total": "29.50",
                     *           "shipping_address": {
                     *             "name": "Ann Lee",
                     *             "line1": "1 Mill Lane",
                     *             "line2": "Back door",
                     *             "city": "Portland",
                     *             "region": "OR",
                     *             "postal_code": "97201",
                     *             "country": "US"
                     *           },
                     *           "tracking": null,
                     *           "items": [
                     *             {
                     *               "product_id": 1,
                     *               "title": "A blue bowl",
                     *               "quantity": 1,
                     *               "price_at_purchase": "24.50"
                     *             }
                     *           ],
                     *           "created_at": "2026-11-23T09:30:00.000Z",
                     *           "updated_at": "2026-11-23T09:30:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["OrderPage"];
                };
            };
            400: components["responses"]["invalid_query"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["not_owner"];
            404: components["responses"]["not_found"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    getShopStatistics: {
        parameters: {
            query?: {
                /** @description The first day, in UTC. Default: 29 days before `to`. */
                from?: string;
                /** @description The last day, in UTC, inclusive. Default: today. The range is at most 366 days. Future days have no entry. */
                to?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "shop_id": 1,
                     *       "from": "2026-11-23",
                     *       "to": "2026-11-23",
                     *       "computed_at": "2026-11-23T09:30:00.000Z",
                     *       "totals": {
                     *         "views": 340,
                     *         "favorites": 12,
                     *         "carts": 9,
                     *         "orders": 3,
                     *         "units": 4,
                     *         "revenue": "88.50",
                     *         "refunded": "29.50"
                     *       },
                     *       "items": [
                     *         {
                     *           "day": "2026-11-23",
                     *           "views": 340,
                     *           "favorites": 12,
                     *           "carts": 9,
                     *           "orders": 3,
                     *           "units": 4,
                     *           "revenue": "88.50",
                     *           "refunded": "29.50"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ShopStatistics"];
                };
            };
            400: components["responses"]["invalid_query"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["not_owner"];
            404: components["responses"]["not_found"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    getProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of your copy. The call returns 304 if the copy is current. */
                "If-None-Match"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 1,
                     *       "sku": "BOWL-7",
                     *       "shop": {
                     *         "id": 1,
                     *         "name": "Kiln & Loom",
                     *         "rating": 4.8,
                     *         "is_on_vacation": false,
                     *         "vacation_message": null
                     *       },
                     *       "title": "A blue bowl",
                     *       "description": "Thrown by hand, glazed twice.",
                     *       "price": "24.50",
                     *       "quantity": 1,
                     *       "state": "active",
                     *       "category_id": 1,
                     *       "tags": [
                     *         "stoneware"
                     *       ],
                     *       "images": [
                     *         "https://example.com/bowl.jpg"
                     *       ],
                     *       "is_vintage": false,
                     *       "who_made": "i_did",
                     *       "when_made": "made_to_order",
                     *       "favorites_count": 7,
                     *       "created_at": "2026-11-23T09:30:00.000Z",
                     *       "updated_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Product"];
                };
            };
            /** @description The copy of the caller is current */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_query"];
            404: components["responses"]["not_found"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    archiveProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the last read, or * for any. If the resource has changed since, the call returns 412. */
                "If-Match"?: string;
                /** @description Makes retries safe: the server runs the call once per key. 1 to 255 printable ASCII characters, with or without quotes. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, without a body */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["if_match_invalid.malformed_json.invalid_query.idempotency_key_invalid"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["not_owner.replayable"];
            404: components["responses"]["not_found.replayable"];
            408: components["responses"]["request_timeout"];
            409: components["responses"]["idempotency_in_progress.replayable"];
            412: components["responses"]["precondition_failed.replayable"];
            413: components["responses"]["payload_too_large"];
            422: components["responses"]["invalid_input.idempotency_mismatch.replayable"];
            429: components["responses"]["too_many_keys.too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    updateProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the last read, or * for any. If the resource has changed since, the call returns 412. */
                "If-Match"?: string;
                /** @description Makes retries safe: the server runs the call once per key. 1 to 255 printable ASCII characters, with or without quotes. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "A blue bowl",
                 *       "description": "Thrown by hand, glazed twice.",
                 *       "price": "24.50",
                 *       "quantity": 1,
                 *       "category_id": 1,
                 *       "tags": [
                 *         "stoneware"
                 *       ],
                 *       "images": [
                 *         "https://example.com/bowl.jpg"
                 *       ],
                 *       "is_vintage": false,
                 *       "sku": "BOWL-7",
                 *       "who_made": "i_did",
                 *       "when_made": "made_to_order"
                 *     }
                 */
                "application/json": components["schemas"]["ProductChanges"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    /**
                     * @description The version of the resource, for If-None-Match. That of a listing or a shop is also for If-Match.
                     * @example "1-1764547200000000"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 1,
                     *       "sku": "BOWL-7",
                     *       "shop": {
                     *         "id": 1,
                     *         "name": "Kiln & Loom",
                     *         "rating": 4.8,
                     *         "is_on_vacation": false,
                     *         "vacation_message": null
                     *       },
                     *       "title": "A blue bowl",
                     *       "description": "Thrown by hand, glazed twice.",
                     *       "price": "24.50",
                     *       "quantity": 1,
                     *       "state": "active",
                     *       "category_id": 1,
                     *       "tags": [
                     *         "stoneware"
                     *       ],
                     *       "images": [
                     *         "https://example.com/bowl.jpg"
                     *       ],
                     *       "is_vintage": false,
                     *       "who_made": "i_did",
                     *       "when_made": "made_to_order",
                     *       "favorites_count": 7,
                     *       "created_at": "2026-11-23T09:30:00.000Z",
                     *       "updated_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["if_match_invalid.malformed_json.invalid_query.idempotency_key_invalid"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["not_owner.replayable"];
            404: components["responses"]["not_found.replayable"];
            408: components["responses"]["request_timeout"];
            409: components["responses"]["sku_taken.idempotency_in_progress.replayable"];
            412: components["responses"]["precondition_failed.replayable"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["invalid_input.idempotency_mismatch.replayable"];
            428: components["responses"]["precondition_required"];
            429: components["responses"]["too_many_keys.too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    restoreProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the last read, or * for any. If the resource has changed since, the call returns 412. */
                "If-Match"?: string;
                /** @description Makes retries safe: the server runs the call once per key. 1 to 255 printable ASCII characters, with or without quotes. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    /**
                     * @description The version of the resource, for If-None-Match. That of a listing or a shop is also for If-Match.
                     * @example "1-1764547200000000"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 1,
                     *       "sku": "BOWL-7",
                     *       "shop": {
                     *         "id": 1,
                     *         "name": "Kiln & Loom",
                     *         "rating": 4.8,
                     *         "is_on_vacation": false,
                     *         "vacation_message": null
                     *       },
                     *       "title": "A blue bowl",
                     *       "description": "Thrown by hand, glazed twice.",
                     *       "price": "24.50",
                     *       "quantity": 1,
                     *       "state": "active",
                     *       "category_id": 1,
                     *       "tags": [
                     *         "stoneware"
                     *       ],
                     *       "images": [
                     *         "https://example.com/bowl.jpg"
                     *       ],
                     *       "is_vintage": false,
                     *       "who_made": "i_did",
                     *       "when_made": "made_to_order",
                     *       "favorites_count": 7,
                     *       "created_at": "2026-11-23T09:30:00.000Z",
                     *       "updated_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["if_match_invalid.malformed_json.invalid_query.idempotency_key_invalid"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["not_owner.replayable"];
            404: components["responses"]["not_found.replayable"];
            408: components["responses"]["request_timeout"];
            409: components["responses"]["idempotency_in_progress.replayable"];
            412: components["responses"]["precondition_failed.replayable"];
            413: components["responses"]["payload_too_large"];
            422: components["responses"]["invalid_input.idempotency_mismatch.replayable"];
            429: components["responses"]["too_many_keys.too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    getQuantity: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "product_id": 1,
                     *       "quantity": 1,
                     *       "state": "active"
                     *     }
                     */
                    "application/json": components["schemas"]["ProductQuantity"];
                };
            };
            400: components["responses"]["invalid_query"];
            401: components["responses"]["unauthorized"];
            404: components["responses"]["not_found"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    setQuantity: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the last read, or * for any. If the resource has changed since, the call returns 412. */
                "If-Match": string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "quantity": 1
                 *     }
                 */
                "application/json": components["schemas"]["QuantityInput"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "product_id": 1,
                     *       "quantity": 1,
                     *       "state": "active"
                     *     }
                     */
                    "application/json": components["schemas"]["ProductQuantity"];
                };
            };
            400: components["responses"]["if_match_invalid.malformed_json.invalid_query"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["not_owner"];
            404: components["responses"]["not_found"];
            408: components["responses"]["request_timeout"];
            412: components["responses"]["precondition_failed"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["invalid_input"];
            428: components["responses"]["precondition_required"];
            429: components["responses"]["too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    getCategories: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of your copy. The call returns 304 if the copy is current. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": 1,
                     *           "slug": "gifts-home",
                     *           "name": "Gifts & Home",
                     *           "children": [
                     *             {
                     *               "id": 9,
                     *               "slug": "jewelry",
                     *               "name": "Jewelry",
                     *               "children": []
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CategoryTree"];
                };
            };
            /** @description The copy of the caller is current */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_query"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    getCategory: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of your copy. The call returns 304 if the copy is current. */
                "If-None-Match"?: string;
            };
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 9,
                     *       "slug": "jewelry",
                     *       "name": "Jewelry",
                     *       "ancestors": [
                     *         {
                     *           "id": 1,
                     *           "slug": "gifts-home",
                     *           "name": "Gifts & Home"
                     *         }
                     *       ],
                     *       "children": []
                     *     }
                     */
                    "application/json": components["schemas"]["CategoryDetails"];
                };
            };
            /** @description The copy of the caller is current */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_query"];
            404: components["responses"]["not_found"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    search: {
        parameters: {
            query?: {
                /** @description The number of items of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
                /** @description The words to search for. Missing or empty: every listing. */
                q?: string;
                /** @description A category slug. Includes its descendants. */
                category?: string;
                /** @description US dollars as a decimal string with 0 to 2 decimals. */
                price_min?: string;
                /** @description US dollars as a decimal string with 0 to 2 decimals. */
                price_max?: string;
                is_vintage?: boolean;
                /** @description `true` searches the words without correction. */
                exact?: boolean;
                sort?: "relevance" | "newest" | "price_asc" | "price_desc";
            };
            header?: {
                "X-Search-Ranking"?: "tiered" | "brief";
                /** @description The OPERATOR_TOKEN of the server. `X-Search-Ranking` requires it. */
                "X-Operator-Token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": 1,
                     *           "sku": "BOWL-7",
                     *           "shop": {
                     *             "id": 1,
                     *             "name": "Kiln & Loom",
                     *             "rating": 4.8,
                     *             "is_on_vacation": false,
                     *             "vacation_message": null
                     *           },
                     *           "title": "A blue bowl",
                     *           "description": "Thrown by hand, glazed twice.",
                     *           "price": "24.50",
                     *           "quantity": 1,
                     *           "state": "active",
                     *           "category_id": 1,
                     *           "tags": [
                     *             "stoneware"
                     *           ],
                     *           "images": [
                     *             "https://example.com/bowl.jpg"
                     *           ],
                     *           "is_vintage": false,
                     *           "who_made": "i_did",
                     *           "when_made": "made_to_order",
                     *           "favorites_count": 7,
                     *           "created_at": "2026-11-23T09:30:00.000Z",
                     *           "updated_at": "2026-11-23T09:30:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "total": 1,
                     *       "total_is_lower_bound": false,
                     *       "facets": {
                     *         "categories": [
                     *           {
                     *             "slug": "gifts-home",
                     *             "name": "Gifts & Home",
                     *             "count": 1
                     *           }
                     *         ],
                     *         "price_ranges": [
                     *           {
                     *             "key": "under_25",
                     *             "from": null,
                     *             "to": "25.00",
                     *             "count": 1
                     *           }
                     *         ],
                     *         "vintage": [
                     *           {
                     *             "is_vintage": false,
                     *             "count": 1
                     *           }
                     *         ]
                     *       },
                     *       "did_you_mean": null,
                     *       "showing_results_for": null,
                     *       "degraded": false,
                     *       "took_ms": 8
                     *     }
                     */
                    "application/json": components["schemas"]["SearchResult"];
                };
            };
            400: components["responses"]["invalid_query"];
            401: components["responses"]["unauthorized"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    suggestSearches: {
        parameters: {
            query?: {
                q?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         "blue bowl"
                     *       ],
                     *       "categories": [
                     *         {
                     *           "slug": "gifts-home",
                     *           "name": "Gifts & Home"
                     *         }
                     *       ],
                     *       "shops": [
                     *         {
                     *           "id": 1,
                     *           "name": "Kiln & Loom"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Suggestions"];
                };
            };
            400: components["responses"]["invalid_query"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    listTrending: {
        parameters: {
            query?: {
                /** @description The number of items of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
                /** @description A category slug. Includes its descendants. */
                category?: string;
            };
            header?: {
                /** @description The ETag of your copy. The call returns 304 if the copy is current. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Link: components["headers"]["Link"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": 1,
                     *           "sku": "BOWL-7",
                     *           "shop": {
                     *             "id": 1,
                     *             "name": "Kiln & Loom",
                     *             "rating": 4.8,
                     *             "is_on_vacation": false,
                     *             "vacation_message": null
                     *           },
                     *           "title": "A blue bowl",
                     *           "description": "Thrown by hand, glazed twice.",
                     *           "price": "24.50",
                     *           "quantity": 1,
                     *           "state": "active",
                     *           "category_id": 1,
                     *           "tags": [
                     *             "stoneware"
                     *           ],
                     *           "images": [
                     *             "https://example.com/bowl.jpg"
                     *           ],
                     *           "is_vintage": false,
                     *           "who_made": "i_did",
                     *           "when_made": "made_to_order",
                     *           "favorites_count": 7,
                     *           "created_at": "2026-11-23T09:30:00.000Z",
                     *           "updated_at": "2026-11-23T09:30:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ProductPage"];
                };
            };
            /** @description The copy of the caller is current */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_query"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    listRecommendations: {
        parameters: {
            query?: {
                /** @description The number of items of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": 1,
                     *           "sku": "BOWL-7",
                     *           "shop": {
                     *             "id": 1,
                     *             "name": "Kiln & Loom",
                     *             "rating": 4.8,
                     *             "is_on_vacation": false,
                     *             "vacation_message": null
                     *           },
                     *           "title": "A blue bowl",
                     *           "description": "Thrown by hand, glazed twice.",
                     *           "price": "24.50",
                     *           "quantity": 1,
                     *           "state": "active",
                     *           "category_id": 1,
                     *           "tags": [
                     *             "stoneware"
                     *           ],
                     *           "images": [
                     *             "https://example.com/bowl.jpg"
                     *           ],
                     *           "is_vintage": false,
                     *           "who_made": "i_did",
                     *           "when_made": "made_to_order",
                     *           "favorites_count": 7,
                     *           "created_at": "2026-11-23T09:30:00.000Z",
                     *           "updated_at": "2026-11-23T09:30:00.000Z",
                     *           "reason": "Liked together with A green bowl"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["RecommendationPage"];
                };
            };
            400: components["responses"]["invalid_query"];
            401: components["responses"]["unauthorized"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    getCart: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "shops": [
                     *         {
                     *           "shop": {
                     *             "id": 1,
                     *             "name": "Kiln & Loom",
                     *             "rating": 4.8,
                     *             "is_on_vacation": false,
                     *             "vacation_message": null
                     *           },
                     *           "items": [
                     *             {
                     *               "product_id": 1,
                     *               "title": "A blue bowl",
                     *               "quantity": 1,
                     *               "unit_price": "24.50",
                     *               "price_when_added": "24.50",
                     *               "reserved_until": "2026-11-23T09:45:00.000Z",
                     *               "price_changed": null,
                     *               "available": true,
                     *               "available_quantity": 1,
                     *               "unavailable_reason": null
                     *             }
                     *           ],
                     *           "subtotal": "24.50",
                     *           "shipping": "5.00",
                     *           "total": "29.50"
                     *         }
                     *       ],
                     *       "subtotal": "24.50",
                     *       "shipping": "5.00",
                     *       "total": "29.50",
                     *       "lapsed": [
                     *         {
                     *           "product_id": 1,
                     *           "title": "A blue bowl",
                     *           "lapsed_at": "2026-11-23T09:30:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Cart"];
                };
            };
            400: components["responses"]["invalid_query"];
            401: components["responses"]["unauthorized"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    addCartItem: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes retries safe: the server runs the call once per key. 1 to 255 printable ASCII characters, with or without quotes. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "product_id": 1,
                 *       "quantity": 1
                 *     }
                 */
                "application/json": components["schemas"]["CartItemInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Location: components["headers"]["Location"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "reserved_until": "2026-11-23T09:45:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["CartItemAdded"];
                };
            };
            400: components["responses"]["malformed_json.invalid_query.idempotency_key_invalid"];
            401: components["responses"]["unauthorized"];
            404: components["responses"]["not_found.replayable"];
            408: components["responses"]["request_timeout"];
            409: components["responses"]["insufficient_stock.own_item.cart_full.too_many_reservations.item_reserved.shop_on_vacation.idempotency_in_progress.replayable"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["invalid_input.idempotency_mismatch.replayable"];
            429: components["responses"]["too_many_keys.too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    removeCartItem: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes retries safe: the server runs the call once per key. 1 to 255 printable ASCII characters, with or without quotes. */
                "Idempotency-Key"?: string;
            };
            path: {
                product_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, without a body */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["malformed_json.invalid_query.idempotency_key_invalid"];
            401: components["responses"]["unauthorized"];
            408: components["responses"]["request_timeout"];
            409: components["responses"]["idempotency_in_progress.replayable"];
            413: components["responses"]["payload_too_large"];
            422: components["responses"]["invalid_input.idempotency_mismatch.replayable"];
            429: components["responses"]["too_many_keys.too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    changeCartItem: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes retries safe: the server runs the call once per key. 1 to 255 printable ASCII characters, with or without quotes. */
                "Idempotency-Key"?: string;
            };
            path: {
                product_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "quantity": 1
                 *     }
                 */
                "application/json": components["schemas"]["CartItemChanges"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "shops": [
                     *         {
                     *           "shop": {
                     *             "id": 1,
                     *             "name": "Kiln & Loom",
                     *             "rating": 4.8,
                     *             "is_on_vacation": false,
                     *             "vacation_message": null
                     *           },
                     *           "items": [
                     *             {
                     *               "product_id": 1,
                     *               "title": "A blue bowl",
                     *               "quantity": 1,
                     *               "unit_price": "24.50",
                     *               "price_when_added": "24.50",
                     *               "reserved_until": "2026-11-23T09:45:00.000Z",
                     *               "price_changed": null,
                     *               "available": true,
                     *               "available_quantity": 1,
                     *               "unavailable_reason": null
                     *             }
                     *           ],
                     *           "subtotal": "24.50",
                     *           "shipping": "5.00",
                     *           "total": "29.50"
                     *         }
                     *       ],
                     *       "subtotal": "24.50",
                     *       "shipping": "5.00",
                     *       "total": "29.50",
                     *       "lapsed": [
                     *         {
                     *           "product_id": 1,
                     *           "title": "A blue bowl",
                     *           "lapsed_at": "2026-11-23T09:30:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Cart"];
                };
            };
            400: components["responses"]["malformed_json.invalid_query.idempotency_key_invalid"];
            401: components["responses"]["unauthorized"];
            404: components["responses"]["not_found.replayable"];
            408: components["responses"]["request_timeout"];
            409: components["responses"]["insufficient_stock.own_item.too_many_reservations.item_reserved.shop_on_vacation.idempotency_in_progress.replayable"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["invalid_input.idempotency_mismatch.replayable"];
            429: components["responses"]["too_many_keys.too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    checkOut: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes retries safe: the server runs the call once per key. 1 to 255 printable ASCII characters, with or without quotes. */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "shipping_address": {
                 *         "name": "Ann Lee",
                 *         "line1": "1 Mill Lane",
                 *         "line2": "Back door",
                 *         "city": "Portland",
                 *         "region": "OR",
                 *         "postal_code": "97201",
                 *         "country": "US"
                 *       },
                 *       "payment_method": "pm_card_visa",
                 *       "expected_total": null
                 *     }
                 */
                "application/json": components["schemas"]["CheckoutInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Location: components["headers"]["Location"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "checkout_id": 202611000100003,
                     *       "status": "paid",
                     *       "subtotal": "24.50",
                     *       "shipping": "5.00",
                     *       "total": "29.50",
                     *       "payment": {
                     *         "id": 1,
                     *         "status": "paid"
                     *       },
                     *       "shipping_address": {
                     *         "name": "Ann Lee",
                     *         "line1": "1 Mill Lane",
                     *         "line2": "Back door",
                     *         "city": "Portland",
                     *         "region": "OR",
                     *         "postal_code": "97201",
                     *         "country": "US"
                     *       },
                     *       "orders": [
                     *         {
                     *           "id": 202611000100004,
                     *           "checkout_id": 202611000100003,
                     *           "shop_id": 1,
                     *           "buyer_id": 1,
                     *           "status": "paid",
                     *           "subtotal": "24.50",
                     *           "shipping": "5.00",
                     *           "total": "29.50",
                     *           "shipping_address": {
                     *             "name": "Ann Lee",
                     *             "line1": "1 Mill Lane",
                     *             "line2": "Back door",
                     *             "city": "Portland",
                     *             "region": "OR",
                     *             "postal_code": "97201",
                     *             "country": "US"
                     *           },
                     *           "tracking": null,
                     *           "items": [
                     *             {
                     *               "product_id": 1,
                     *               "title": "A blue bowl",
                     *               "quantity": 1,
                     *               "price_at_purchase": "24.50"
                     *             }
                     *           ],
                     *           "created_at": "2026-11-23T09:30:00.000Z",
                     *           "updated_at": "2026-11-23T09:30:00.000Z"
                     *         }
                     *       ],
                     *       "created_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Checkout"];
                };
            };
            /** @description Accepted, but the payment is pending: read `Location` until it is final */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Location: components["headers"]["Location"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "checkout_id": 202611000100003,
                     *       "status": "pending",
                     *       "subtotal": "24.50",
                     *       "shipping": "5.00",
                     *       "total": "29.50",
                     *       "payment": {
                     *         "id": 1,
                     *         "status": "pending"
                     *       },
                     *       "shipping_address": {
                     *         "name": "Ann Lee",
                     *         "line1": "1 Mill Lane",
                     *         "line2": "Back door",
                     *         "city": "Portland",
                     *         "region": "OR",
                     *         "postal_code": "97201",
                     *         "country": "US"
                     *       },
                     *       "orders": [
                     *         {
                     *           "id": 202611000100004,
                     *           "checkout_id": 202611000100003,
                     *           "shop_id": 1,
                     *           "buyer_id": 1,
                     *           "status": "pending",
                     *           "subtotal": "24.50",
                     *           "shipping": "5.00",
                     *           "total": "29.50",
                     *           "shipping_address": {
                     *             "name": "Ann Lee",
                     *             "line1": "1 Mill Lane",
                     *             "line2": "Back door",
                     *             "city": "Portland",
                     *             "region": "OR",
                     *             "postal_code": "97201",
                     *             "country": "US"
                     *           },
                     *           "tracking": null,
                     *           "items": [
                     *             {
                     *               "product_id": 1,
                     *               "title": "A blue bowl",
                     *               "quantity": 1,
                     *               "price_at_purchase": "24.50"
                     *             }
                     *           ],
                     *           "created_at": "2026-11-23T09:30:00.000Z",
                     *           "updated_at": "2026-11-23T09:30:00.000Z"
                     *         }
                     *       ],
                     *       "created_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Checkout"];
                };
            };
            400: components["responses"]["malformed_json.invalid_query.idempotency_key_missing.idempotency_key_invalid"];
            401: components["responses"]["unauthorized"];
            402: components["responses"]["payment_declined.replayable"];
            408: components["responses"]["request_timeout"];
            409: components["responses"]["insufficient_stock.own_item.item_reserved.shop_on_vacation.cart_empty.price_changed.idempotency_in_progress.replayable"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["invalid_input.idempotency_mismatch.replayable"];
            429: components["responses"]["too_many_keys.too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["payment_unavailable.unavailable"];
        };
    };
    getCheckout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "checkout_id": 202611000100003,
                     *       "status": "paid",
                     *       "subtotal": "24.50",
                     *       "shipping": "5.00",
                     *       "total": "29.50",
                     *       "payment": {
                     *         "id": 1,
                     *         "status": "paid"
                     *       },
                     *       "shipping_address": {
                     *         "name": "Ann Lee",
                     *         "line1": "1 Mill Lane",
                     *         "line2": "Back door",
                     *         "city": "Portland",
                     *         "region": "OR",
                     *         "postal_code": "97201",
                     *         "country": "US"
                     *       },
                     *       "orders": [
                     *         {
                     *           "id": 202611000100004,
                     *           "checkout_id": 202611000100003,
                     *           "shop_id": 1,
                     *           "buyer_id": 1,
                     *           "status": "paid",
                     *           "subtotal": "24.50",
                     *           "shipping": "5.00",
                     *           "total": "29.50",
                     *           "shipping_address": {
                     *             "name": "Ann Lee",
                     *             "line1": "1 Mill Lane",
                     *             "line2": "Back door",
                     *             "city": "Portland",
                     *             "region": "OR",
                     *             "postal_code": "97201",
                     *             "country": "US"
                     *           },
                     *           "tracking": null,
                     *           "items": [
                     *             {
                     *               "product_id": 1,
                     *               "title": "A blue bowl",
                     *               "quantity": 1,
                     *               "price_at_purchase": "24.50"
                     *             }
                     *           ],
                     *           "created_at": "2026-11-23T09:30:00.000Z",
                     *           "updated_at": "2026-11-23T09:30:00.000Z"
                     *         }
                     *       ],
                     *       "created_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Checkout"];
                };
            };
            400: components["responses"]["invalid_query"];
            401: components["responses"]["unauthorized"];
            404: components["responses"]["not_found"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    listOrders: {
        parameters: {
            query?: {
                /** @description The number of items of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
                status?: "pending" | "paid" | "shipped" | "delivered" | "cancelled" | "refunded";
                /** @description Only orders created at this time or later. */
                created_from?: string;
                /** @description Only orders created before this time. */
                created_to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": 202611000100004,
                     *           "checkout_id": 202611000100003,
                     *           "shop_id": 1,
                     *           "buyer_id": 1,
                     *           "status": "paid",
                     *           "subtotal": "24.50",
                     *           "shipping": "5.00",
                     *           "total": "29.50",
                     *           "shipping_address": {
                     *             "name": "Ann Lee",
                     *             "line1": "1 Mill Lane",
                     *             "line2": "Back door",
                     *             "city": "Portland",
                     *             "region": "OR",
                     *             "postal_code": "97201",
                     *             "country": "US"
                     *           },
                     *           "tracking": null,
                     *           "items": [
                     *             {
                     *               "product_id": 1,
                     *               "title": "A blue bowl",
                     *               "quantity": 1,
                     *               "price_at_purchase": "24.50"
                     *             }
                     *           ],
                     *           "created_at": "2026-11-23T09:30:00.000Z",
                     *           "updated_at": "2026-11-23T09:30:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["OrderPage"];
                };
            };
            400: components["responses"]["invalid_query"];
            401: components["responses"]["unauthorized"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    getOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 202611000100004,
                     *       "checkout_id": 202611000100003,
                     *       "shop_id": 1,
                     *       "buyer_id": 1,
                     *       "status": "paid",
                     *       "subtotal": "24.50",
                     *       "shipping": "5.00",
                     *       "total": "29.50",
                     *       "shipping_address": {
                     *         "name": "Ann Lee",
                     *         "line1": "1 Mill Lane",
                     *         "line2": "Back door",
                     *         "city": "Portland",
                     *         "region": "OR",
                     *         "postal_code": "97201",
                     *         "country": "US"
                     *       },
                     *       "tracking": null,
                     *       "items": [
                     *         {
                     *           "product_id": 1,
                     *           "title": "A blue bowl",
                     *           "quantity": 1,
                     *           "price_at_purchase": "24.50"
                     *         }
                     *       ],
                     *       "created_at": "2026-11-23T09:30:00.000Z",
                     *       "updated_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["invalid_query"];
            401: components["responses"]["unauthorized"];
            404: components["responses"]["not_found"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    listOrderEvents: {
        parameters: {
            query?: {
                /** @description The number of items of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": 1,
                     *           "order_id": 202611000100004,
                     *           "status": "shipped",
                     *           "actor_id": 1,
                     *           "detail": {},
                     *           "created_at": "2026-11-23T09:30:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["OrderEventPage"];
                };
            };
            400: components["responses"]["invalid_query"];
            401: components["responses"]["unauthorized"];
            404: components["responses"]["not_found"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    shipOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes retries safe: the server runs the call once per key. 1 to 255 printable ASCII characters, with or without quotes. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "carrier": "UPS",
                 *       "tracking_number": "1Z999AA10123456784"
                 *     }
                 */
                "application/json": components["schemas"]["Tracking"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 202611000100004,
                     *       "checkout_id": 202611000100003,
                     *       "shop_id": 1,
                     *       "buyer_id": 1,
                     *       "status": "shipped",
                     *       "subtotal": "24.50",
                     *       "shipping": "5.00",
                     *       "total": "29.50",
                     *       "shipping_address": {
                     *         "name": "Ann Lee",
                     *         "line1": "1 Mill Lane",
                     *         "line2": "Back door",
                     *         "city": "Portland",
                     *         "region": "OR",
                     *         "postal_code": "97201",
                     *         "country": "US"
                     *       },
                     *       "tracking": {
                     *         "carrier": "UPS",
                     *         "tracking_number": "1Z999AA10123456784"
                     *       },
                     *       "items": [
                     *         {
                     *           "product_id": 1,
                     *           "title": "A blue bowl",
                     *           "quantity": 1,
                     *           "price_at_purchase": "24.50"
                     *         }
                     *       ],
                     *       "created_at": "2026-11-23T09:30:00.000Z",
                     *       "updated_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["malformed_json.invalid_query.idempotency_key_invalid"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["not_owner.replayable"];
            404: components["responses"]["not_found.replayable"];
            408: components["responses"]["request_timeout"];
            409: components["responses"]["wrong_order_state.idempotency_in_progress.replayable"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["invalid_input.idempotency_mismatch.replayable"];
            429: components["responses"]["too_many_keys.too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    deliverOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes retries safe: the server runs the call once per key. 1 to 255 printable ASCII characters, with or without quotes. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 202611000100004,
                     *       "checkout_id": 202611000100003,
                     *       "shop_id": 1,
                     *       "buyer_id": 1,
                     *       "status": "delivered",
                     *       "subtotal": "24.50",
                     *       "shipping": "5.00",
                     *       "total": "29.50",
                     *       "shipping_address": {
                     *         "name": "Ann Lee",
                     *         "line1": "1 Mill Lane",
                     *         "line2": "Back door",
                     *         "city": "Portland",
                     *         "region": "OR",
                     *         "postal_code": "97201",
                     *         "country": "US"
                     *       },
                     *       "tracking": {
                     *         "carrier": "UPS",
                     *         "tracking_number": "1Z999AA10123456784"
                     *       },
                     *       "items": [
                     *         {
                     *           "product_id": 1,
                     *           "title": "A blue bowl",
                     *           "quantity": 1,
                     *           "price_at_purchase": "24.50"
                     *         }
                     *       ],
                     *       "created_at": "2026-11-23T09:30:00.000Z",
                     *       "updated_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["malformed_json.invalid_query.idempotency_key_invalid"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["not_owner.replayable"];
            404: components["responses"]["not_found.replayable"];
            408: components["responses"]["request_timeout"];
            409: components["responses"]["wrong_order_state.idempotency_in_progress.replayable"];
            413: components["responses"]["payload_too_large"];
            422: components["responses"]["invalid_input.idempotency_mismatch.replayable"];
            429: components["responses"]["too_many_keys.too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    cancelOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes retries safe: the server runs the call once per key. 1 to 255 printable ASCII characters, with or without quotes. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 202611000100004,
                     *       "checkout_id": 202611000100003,
                     *       "shop_id": 1,
                     *       "buyer_id": 1,
                     *       "status": "cancelled",
                     *       "subtotal": "24.50",
                     *       "shipping": "5.00",
                     *       "total": "29.50",
                     *       "shipping_address": {
                     *         "name": "Ann Lee",
                     *         "line1": "1 Mill Lane",
                     *         "line2": "Back door",
                     *         "city": "Portland",
                     *         "region": "OR",
                     *         "postal_code": "97201",
                     *         "country": "US"
                     *       },
                     *       "tracking": null,
                     *       "items": [
                     *         {
                     *           "product_id": 1,
                     *           "title": "A blue bowl",
                     *           "quantity": 1,
                     *           "price_at_purchase": "24.50"
                     *         }
                     *       ],
                     *       "created_at": "2026-11-23T09:30:00.000Z",
                     *       "updated_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["malformed_json.invalid_query.idempotency_key_invalid"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["not_owner.replayable"];
            404: components["responses"]["not_found.replayable"];
            408: components["responses"]["request_timeout"];
            409: components["responses"]["wrong_order_state.idempotency_in_progress.replayable"];
            413: components["responses"]["payload_too_large"];
            422: components["responses"]["invalid_input.idempotency_mismatch.replayable"];
            429: components["responses"]["too_many_keys.too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    refundOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes retries safe: the server runs the call once per key. 1 to 255 printable ASCII characters, with or without quotes. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 202611000100004,
                     *       "checkout_id": 202611000100003,
                     *       "shop_id": 1,
                     *       "buyer_id": 1,
                     *       "status": "refunded",
                     *       "subtotal": "24.50",
                     *       "shipping": "5.00",
                     *       "total": "29.50",
                     *       "shipping_address": {
                     *         "name": "Ann Lee",
                     *         "line1": "1 Mill Lane",
                     *         "line2": "Back door",
                     *         "city": "Portland",
                     *         "region": "OR",
                     *         "postal_code": "97201",
                     *         "country": "US"
                     *       },
                     *       "tracking": null,
                     *       "items": [
                     *         {
                     *           "product_id": 1,
                     *           "title": "A blue bowl",
                     *           "quantity": 1,
                     *           "price_at_purchase": "24.50"
                     *         }
                     *       ],
                     *       "created_at": "2026-11-23T09:30:00.000Z",
                     *       "updated_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["malformed_json.invalid_query.idempotency_key_invalid"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["not_owner.replayable"];
            404: components["responses"]["not_found.replayable"];
            408: components["responses"]["request_timeout"];
            409: components["responses"]["wrong_order_state.idempotency_in_progress.replayable"];
            413: components["responses"]["payload_too_large"];
            422: components["responses"]["invalid_input.idempotency_mismatch.replayable"];
            429: components["responses"]["too_many_keys.too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    reviewOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes retries safe: the server runs the call once per key. 1 to 255 printable ASCII characters, with or without quotes. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "rating": 5,
                 *       "comment": "Even finer than in the picture."
                 *     }
                 */
                "application/json": components["schemas"]["ReviewInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Location: components["headers"]["Location"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 1,
                     *       "order_id": 202611000100004,
                     *       "shop_id": 1,
                     *       "reviewer": {
                     *         "id": 1,
                     *         "display_name": "Ann Lee"
                     *       },
                     *       "rating": 5,
                     *       "comment": "Even finer than in the picture.",
                     *       "reply": {
                     *         "comment": "Thank you!",
                     *         "created_at": "2026-11-23T09:30:00.000Z"
                     *       },
                     *       "created_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Review"];
                };
            };
            400: components["responses"]["malformed_json.invalid_query.idempotency_key_invalid"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["not_owner.replayable"];
            404: components["responses"]["not_found.replayable"];
            408: components["responses"]["request_timeout"];
            409: components["responses"]["wrong_order_state.already_reviewed.idempotency_in_progress.replayable"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["invalid_input.idempotency_mismatch.replayable"];
            429: components["responses"]["too_many_keys.too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    replyToReview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "comment": "Thank you!"
                 *     }
                 */
                "application/json": components["schemas"]["ReplyInput"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 1,
                     *       "order_id": 202611000100004,
                     *       "shop_id": 1,
                     *       "reviewer": {
                     *         "id": 1,
                     *         "display_name": "Ann Lee"
                     *       },
                     *       "rating": 5,
                     *       "comment": "Even finer than in the picture.",
                     *       "reply": {
                     *         "comment": "Thank you!",
                     *         "created_at": "2026-11-23T09:30:00.000Z"
                     *       },
                     *       "created_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Review"];
                };
            };
            400: components["responses"]["malformed_json.invalid_query"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["not_owner"];
            404: components["responses"]["not_found"];
            408: components["responses"]["request_timeout"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    removeReply: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, without a body */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["malformed_json.invalid_query"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["not_owner"];
            404: components["responses"]["not_found"];
            408: components["responses"]["request_timeout"];
            413: components["responses"]["payload_too_large"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    listFavorites: {
        parameters: {
            query?: {
                /** @description The number of items of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
                fav_type?: "product" | "shop";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "fav_type": "product",
                     *           "fav_id": 1,
                     *           "created_at": "2026-11-23T09:30:00.000Z",
                     *           "product": {
                     *             "id": 1,
                     *             "sku": "BOWL-7",
                     *             "shop": {
                     *               "id": 1,
                     *               "name": "Kiln & Loom",
                     *               "rating": 4.8,
                     *               "is_on_vacation": false,
                     *               "vacation_message": null
                     *             },
                     *             "title": "A blue bowl",
                     *             "description": "Thrown by hand, glazed twice.",
                     *             "price": "24.50",
                     *             "quantity": 1,
                     *             "state": "active",
                     *             "category_id": 1,
                     *             "tags": [
                     *               "stoneware"
                     *             ],
                     *             "images": [
                     *               "https://example.com/bowl.jpg"
                     *             ],
                     *             "is_vintage": false,
                     *             "who_made": "i_did",
                     *             "when_made": "made_to_order",
                     *             "favorites_count": 7,
                     *             "created_at": "2026-11-23T09:30:00.000Z",
                     *             "updated_at": "2026-11-23T09:30:00.000Z"
                     *           },
                     *           "shop": null
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["FavoritePage"];
                };
            };
            400: components["responses"]["invalid_query"];
            401: components["responses"]["unauthorized"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    addFavorite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                fav_type: "product" | "shop";
                fav_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, without a body */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["malformed_json.invalid_query"];
            401: components["responses"]["unauthorized"];
            404: components["responses"]["not_found"];
            408: components["responses"]["request_timeout"];
            409: components["responses"]["quota_exceeded"];
            413: components["responses"]["payload_too_large"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    removeFavorite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                fav_type: "product" | "shop";
                fav_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, without a body */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["malformed_json.invalid_query"];
            401: components["responses"]["unauthorized"];
            408: components["responses"]["request_timeout"];
            413: components["responses"]["payload_too_large"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    listPictures: {
        parameters: {
            query?: {
                /** @description The number of items of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": 1,
                     *           "url": "https://example.com/pictures/1-0123456789abcdef0123456789abcdef/full.webp",
                     *           "width": 1600,
                     *           "height": 1600,
                     *           "bytes": 310000,
                     *           "thumbnails": {
                     *             "small": "https://example.com/pictures/1-0123456789abcdef0123456789abcdef/small.webp",
                     *             "medium": "https://example.com/pictures/1-0123456789abcdef0123456789abcdef/medium.webp"
                     *           },
                     *           "created_at": "2026-11-23T09:30:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["PicturePage"];
                };
            };
            400: components["responses"]["invalid_query"];
            401: components["responses"]["unauthorized"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    uploadPicture: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/jpeg": string;
                "image/png": string;
                "image/webp": string;
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 1,
                     *       "url": "https://example.com/pictures/1-0123456789abcdef0123456789abcdef/full.webp",
                     *       "width": 1600,
                     *       "height": 1600,
                     *       "bytes": 310000,
                     *       "thumbnails": {
                     *         "small": "https://example.com/pictures/1-0123456789abcdef0123456789abcdef/small.webp",
                     *         "medium": "https://example.com/pictures/1-0123456789abcdef0123456789abcdef/medium.webp"
                     *       },
                     *       "created_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Picture"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 1,
                     *       "url": "https://example.com/pictures/1-0123456789abcdef0123456789abcdef/full.webp",
                     *       "width": 1600,
                     *       "height": 1600,
                     *       "bytes": 310000,
                     *       "thumbnails": {
                     *         "small": "https://example.com/pictures/1-0123456789abcdef0123456789abcdef/small.webp",
                     *         "medium": "https://example.com/pictures/1-0123456789abcdef0123456789abcdef/medium.webp"
                     *       },
                     *       "created_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Picture"];
                };
            };
            400: components["responses"]["malformed_json.invalid_query"];
            401: components["responses"]["unauthorized"];
            408: components["responses"]["request_timeout"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_pictures.too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    getPicture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 1,
                     *       "url": "https://example.com/pictures/1-0123456789abcdef0123456789abcdef/full.webp",
                     *       "width": 1600,
                     *       "height": 1600,
                     *       "bytes": 310000,
                     *       "thumbnails": {
                     *         "small": "https://example.com/pictures/1-0123456789abcdef0123456789abcdef/small.webp",
                     *         "medium": "https://example.com/pictures/1-0123456789abcdef0123456789abcdef/medium.webp"
                     *       },
                     *       "created_at": "2026-11-23T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Picture"];
                };
            };
            400: components["responses"]["invalid_query"];
            401: components["responses"]["unauthorized"];
            404: components["responses"]["not_found"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    getPictureFile: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of your copy. The call returns 304 if the copy is current. */
                "If-None-Match"?: string;
            };
            path: {
                key: string;
                file: "full.webp" | "medium.webp" | "small.webp";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "image/webp": string;
                };
            };
            /** @description The copy of the caller is current */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_query.unlimited"];
            404: components["responses"]["not_found.unlimited"];
            422: components["responses"]["invalid_input.unlimited"];
            500: components["responses"]["internal_error.unlimited"];
            503: components["responses"]["unavailable.unlimited"];
        };
    };
    receivePaymentEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: "stripe" | "simulated";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "received": true
                     *     }
                     */
                    "application/json": components["schemas"]["EventReceived"];
                };
            };
            400: components["responses"]["malformed_json.invalid_query.invalid_signature"];
            404: components["responses"]["not_found"];
            408: components["responses"]["request_timeout"];
            413: components["responses"]["payload_too_large"];
            422: components["responses"]["invalid_input"];
            429: components["responses"]["too_many_at_once.too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["unavailable"];
        };
    };
    getLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Liveness"];
                };
            };
            400: components["responses"]["invalid_query.unlimited"];
            500: components["responses"]["internal_error.unlimited"];
            503: components["responses"]["unavailable.unlimited"];
        };
    };
    getReadiness: {
        parameters: {
            query?: {
                /** @description Adds the result of each check. Needs no value. */
                verbose?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ready",
                     *       "search": "elasticsearch",
                     *       "search_degraded": false,
                     *       "cache": "redis",
                     *       "checks": {
                     *         "process": "ok",
                     *         "database": "ok",
                     *         "migrations": "ok",
                     *         "redis": "ok"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            400: components["responses"]["invalid_query.unlimited"];
            422: components["responses"]["invalid_input.unlimited"];
            500: components["responses"]["internal_error.unlimited"];
            503: components["responses"]["unavailable.unlimited"];
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["invalid_query.unlimited"];
            500: components["responses"]["internal_error.unlimited"];
            503: components["responses"]["unavailable.unlimited"];
        };
    };
    getOpenApi: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of your copy. The call returns 304 if the copy is current. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "openapi": "3.1.0"
                     *     }
                     */
                    "application/json": components["schemas"]["OpenApiDocument"];
                };
            };
            /** @description The copy of the caller is current */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_query.unlimited"];
            500: components["responses"]["internal_error.unlimited"];
            503: components["responses"]["unavailable.unlimited"];
        };
    };
}
