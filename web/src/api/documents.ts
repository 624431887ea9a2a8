import type { ResultOf, VariablesOf } from 'gql.tada';
import { graphql } from './graphql.ts';

export const OrderFields = graphql(`
  fragment OrderFields on Order @_unmask {
    id
    name
    quantity
    restaurantId
    unitPrice
    total
    currency
    status
    failureReason
    createdAt
    updatedAt
    changeableUntil
    version
  }
`);

export const Restaurants = graphql(`
  query Restaurants {
    restaurants {
      id
      name
    }
  }
`);

export const Menu = graphql(`
  query Menu($restaurantId: String!) {
    menu(restaurantId: $restaurantId) {
      restaurantId
      name
      unitPrice
      currency
      available
    }
  }
`);

export const OrdersPage = graphql(
  `
    query Orders($first: Int!, $after: String) {
      orders(first: $first, after: $after) {
        ...OrderFields
      }
    }
  `,
  [OrderFields],
);

export const OneOrder = graphql(
  `
    query Order($id: String!) {
      order(id: $id) {
        ...OrderFields
      }
    }
  `,
  [OrderFields],
);

export const PostOrder = graphql(
  `
    mutation PostOrder($input: OrderInput!) {
      postOrder(input: $input) {
        ...OrderFields
      }
    }
  `,
  [OrderFields],
);

export const UpdateOrder = graphql(
  `
    mutation UpdateOrder($input: UpdateOrderInput!) {
      updateOrder(input: $input) {
        ...OrderFields
      }
    }
  `,
  [OrderFields],
);

export const CancelOrder = graphql(
  `
    mutation CancelOrder($id: String!) {
      cancelOrder(id: $id) {
        ...OrderFields
      }
    }
  `,
  [OrderFields],
);

export const OrderChanged = graphql(
  `
    subscription OrderChanged($userId: String!) {
      onOrderChanged(userId: $userId) {
        ...OrderFields
      }
    }
  `,
  [OrderFields],
);

export type Order = ResultOf<typeof OrderFields>;
export type OrderStatus = Order['status'];
export type Restaurant = ResultOf<typeof Restaurants>['restaurants'][number];
export type MenuItem = ResultOf<typeof Menu>['menu'][number];

/** An order's content, all of which updateOrder replaces: what is left out is erased. */
export type Update = Required<Omit<VariablesOf<typeof UpdateOrder>['input'], 'expectedUnitPrice' | 'expectedCurrency'>>;

/** The order's own content, to be changed in parts. A field of UpdateOrderInput that is missing here doesn't compile. */
export function contentOf({ id, name, quantity, restaurantId }: Order): Update {
  return { id, name, quantity, restaurantId };
}
