import { util } from '@aws-appsync/utils';

// Runs once, when somebody subscribes: nobody hears of another's orders. Afterwards the arguments are the filter.
export function request(ctx) {
  if (ctx.args.userId !== ctx.identity.sub) {
    util.unauthorized();
  }
  return { payload: null };
}

export function response() {
  return null;
}
