import { util } from '@aws-appsync/utils';

// Refuses an order that can't be changed, and says why. After a write, stash.write is what became of it: an error, and
// the row that is or was there, which is stash.found where AppSync didn't give it. Before a write, stash.found decides
// by its status; stash.changeable are those that allow it.
export function request(ctx) {
  const { changeable, found, id, write } = ctx.stash;
  if (write?.error && write.error.type !== 'DynamoDB:ConditionalCheckFailedException') {
    util.error(write.error.message, write.error.type);
  }
  const row = write?.row ?? found;
  if (!row) {
    // To AppSync a row that isn't there is a deletion that worked, without an error.
    util.error(`there is no order ${id} of yours`, 'OrderNotFound');
  }
  if (write?.error && row.status === 'PENDING') {
    // Statuses only go forward, so the write met no row: it was posted between the write and AppSync's look at it.
    util.error(`there was no order ${id} of yours a moment ago; there is one now`, 'OrderNotFound');
  }
  if (write ? write.error : changeable.indexOf(row.status) < 0) {
    util.error(`order ${id} is ${row.status}; this needs ${changeable.join(' or ')}`, 'OrderNotChangeable');
  }
  return { payload: {} };
}

export function response(ctx) {
  return ctx.prev.result;
}
