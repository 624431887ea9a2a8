import { runtime, util } from '@aws-appsync/utils';

const MOST_OPEN = '{{open_orders_limit}}';
const OPEN = ['PENDING', 'PAYING'];
const COUNTED = 100;

// Refuses a new order to a customer who has MOST_OPEN open ones already, counted among their newest rows. Calls at the
// same time count the same rows, so they may pass it by their number. An id that sorts below the rows that are counted
// is refused too: who chooses such ids would have no limit.
export function request(ctx) {
  if (ctx.stash.isReplay || ctx.stash.isUnread) {
    runtime.earlyReturn(ctx.prev.result);
  }
  return {
    operation: 'Query',
    query: {
      expression: '#user_id = :user_id',
      expressionNames: { '#user_id': 'user_id' },
      expressionValues: util.dynamodb.toMapValues({ ':user_id': ctx.identity.sub }),
    },
    projection: { expression: '#id, #status', expressionNames: { '#id': 'id', '#status': 'status' } },
    limit: COUNTED,
    scanIndexForward: false,
    consistentRead: true,
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const { id } = ctx.stash;
  const { items } = ctx.result;
  if (items.some((row) => row.id === id)) {
    // Another call with this id was faster; insertOrder finds its row.
    return ctx.prev.result;
  }
  const open = items.filter((row) => OPEN.indexOf(row.status) >= 0).length;
  if (open >= MOST_OPEN) {
    const message = `you have ${open} orders that are ${OPEN.join(' or ')}, at most ${MOST_OPEN} are allowed at a time`;
    util.error(`${message}: send this call again when one of them has ended`, 'TooManyOpenOrders');
  }
  if (items.length === COUNTED && id < items[COUNTED - 1].id) {
    const least = items[COUNTED - 1].id;
    util.error(`id must be later than ${least}, which ${COUNTED - 1} of your orders are, got ${id}`, 'InvalidInput');
  }
  return ctx.prev.result;
}
