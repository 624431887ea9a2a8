"""News of an order that never was, as announce would publish it."""

PUBLISH_ORDER = "mutation Publish($input: PublishOrderInput!) { publishOrder(input: $input) { id status orderStatus } }"
MADE_UP_ORDER = {
    "id": "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "userId": "somebody",
    "name": "Margherita",
    "quantity": 2,
    "restaurantId": "trattoria-roma",
    "unitPrice": 1,
    "total": 2,
    "currency": "EUR",
    "status": "PAID",
    "createdAt": "2026-01-01T00:00:00.000Z",
    "updatedAt": "2026-01-01T00:00:00.000Z",
    "version": 3,
}
