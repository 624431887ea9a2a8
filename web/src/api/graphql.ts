import { initGraphQLTada } from 'gql.tada';
import type { introspection } from './schema.d.ts';

/** Documents of the API whose variables and results are typed by schema.graphql. */
export const graphql = initGraphQLTada<{ introspection: introspection; scalars: { AWSDateTime: string } }>();
