// All restaurants, which live in the menu table under a key of their own: listMenu.
export function request(ctx) {
  ctx.stash.restaurantId = '{{restaurants_key}}';
  return {};
}

export function response(ctx) {
  return ctx.prev.result.map((row) => ({ id: row.name, name: row.display_name }));
}
