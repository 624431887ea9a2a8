"""Orders as the tests place them."""

import secrets
import time

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PIZZA = {"name": "Margherita", "quantity": 2, "restaurantId": "trattoria-roma"}
PIZZA_PRICE = 950
PIZZA_TOTAL = 2 * PIZZA_PRICE
UPDATE = "mutation Update($input: UpdateOrderInput!) { updateOrder(input: $input) { id status total version } }"
CANCEL = "mutation Cancel($id: String!) { cancelOrder(id: $id) { id status version } }"
DELETE = "mutation Delete($id: String!) { deleteOrder(id: $id) }"
ORDER = "query Order($id: String!) { order(id: $id) { id } }"


def new_id() -> str:
    """Return a new ULID."""
    number = int(time.time() * 1000) << 80 | secrets.randbits(80)
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))
