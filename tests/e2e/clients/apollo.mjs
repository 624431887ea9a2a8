// Apollo with AppSync's own subscription link, as a web page uses it: prints each order that it hears of as a line.
// Arguments: graphql_url, region, token, userId.
import { ApolloClient, ApolloLink, gql, InMemoryCache } from '@apollo/client/core';
import { createSubscriptionHandshakeLink } from 'aws-appsync-subscription-link';
import { tap } from 'rxjs';

const [url, region, jwtToken, userId] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

// What the client itself keeps to itself: that the subscription has begun, and why it was refused.
const overheard = new ApolloLink((operation, forward) =>
  forward(operation).pipe(
    tap({
      next: ({ extensions }) => extensions?.controlMsgType && say({ control: extensions.controlMsgType }),
      error: ({ errors }) => say({ error: errors?.[0]?.message }),
    }),
  ),
);
const auth = { type: 'AMAZON_COGNITO_USER_POOLS', jwtToken };
const client = new ApolloClient({
  link: overheard.concat(createSubscriptionHandshakeLink({ url, region, auth })),
  cache: new InMemoryCache(),
});
const query = gql`
  subscription Watch($userId: String!) {
    onOrderChanged(userId: $userId) {
      id
      status
      version
    }
  }
`;
client
  .subscribe({ query, variables: { userId }, context: { controlMessages: { '@@controlEvents': true } } })
  .subscribe({
    next: ({ data }) => data?.onOrderChanged && say({ order: data.onOrderChanged }),
    error: () => process.exit(1),
  });
