import { util } from '@aws-appsync/utils';

// Says why stash.found (the row, or null) can't be changed: after a write by whether it was refused (stash.isRefused),
// before one by its status. stash.changeable are the statuses that allow it.
export function request(ctx) {
  const { changeable, found, id, isRefused } = ctx.stash;
  const hasWrongStatus = changeable.indexOf(found?.status) < 0;
  if (isRefused ?? hasWrongStatus) {
    if (!found) {
      util.error(`there is no order ${id} of yours`, 'OrderNotFound');
    }
    util.error(`order ${id} is ${found.status}; this needs ${changeable.join(' or ')}`, 'OrderNotChangeable');
  }
  return { payload: {} };
}

export function response(ctx) {
  return ctx.prev.result;
}
