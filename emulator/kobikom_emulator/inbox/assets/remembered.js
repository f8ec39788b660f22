// The last route of each view of a space: its tab leads back to the filters that were set there.

const last = new Map();

export const remember = (route) => last.set(`${route.space} ${route.view}`, route);

export const lastRoute = (space, view) => last.get(`${space} ${view}`) || { space, view };
