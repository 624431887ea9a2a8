import { extensions, util } from '@aws-appsync/utils';

// Runs once, when somebody subscribes: nobody hears of another's orders.
export function request(ctx) {
  if (ctx.args.userId !== ctx.identity.sub) {
    util.unauthorized();
  }
  return { payload: null };
}

// Each event is held against this filter. It says what the arguments say, because a document can have arguments
// that no resolver saw, in a field that is skipped.
export function response(ctx) {
  const filters = [{ fieldName: 'userId', operator: 'eq', value: ctx.identity.sub }];
  if (typeof ctx.args.id === 'string') {
    filters.push({ fieldName: 'id', operator: 'eq', value: ctx.args.id });
  }
  extensions.setSubscriptionFilter({ filterGroup: [{ filters }] });
  return null;
}
