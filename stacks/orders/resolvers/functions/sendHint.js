import { runtime, util } from '@aws-appsync/utils';

const QUEUE_URL = '{{queue_url}}';
const CHANGE_WINDOW_SECONDS = '{{change_window_seconds}}';
const TRACE = '^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$';

// The queue message that starts the workflow once the change window is over. It is a hint: the row is there, and sweep
// sends the message of an order that stays open. So a failure is logged and the order stands.
export function request(ctx) {
  if (ctx.stash.isReplay) {
    runtime.earlyReturn(ctx.prev.result);
  }
  const hint = { version: 1, user_id: ctx.identity.sub, id: ctx.stash.id };
  return {
    method: 'POST',
    resourcePath: '/',
    params: {
      headers: { 'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': 'AmazonSQS.SendMessage' },
      body: JSON.stringify({
        QueueUrl: QUEUE_URL,
        MessageBody: JSON.stringify(hint),
        DelaySeconds: CHANGE_WINDOW_SECONDS,
        MessageSystemAttributes: traceOf(ctx),
      }),
    },
  };
}

export function response(ctx) {
  const status = ctx.result?.statusCode;
  if (!(status >= 200 && status < 300)) {
    console.error(`no message sent for order ${ctx.stash.id}: ${ctx.error?.message ?? `status ${status}`}`);
  }
  return ctx.prev.result;
}

// The call's trace, with which X-Ray links what the message sets off. SQS refuses a message of which the trace can't be
// read, and callers write headers as they like: whether to record the trace isn't theirs to say either.
function traceOf(ctx) {
  const parts = (ctx.request?.headers?.['x-amzn-trace-id'] ?? '').split(';').map((part) => part.trim());
  const root = parts.find((part) => util.matches(TRACE, part));
  return root ? { AWSTraceHeader: { DataType: 'String', StringValue: root } } : undefined;
}
