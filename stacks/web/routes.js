// The page has addresses of its own, such as /orders: they are not objects, its index is. A name with an extension is
// an object or missing: a stale asset answered with the index would be code that is no code.
function handler(event) {
  const request = event.request;
  if (!request.uri.split('/').pop().includes('.')) request.uri = '/{{index}}';
  return request;
}
