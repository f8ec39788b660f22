// Which messages were looked at already, remembered by this browser for each space. They are forgotten when the space
// begins anew or the server does: the same ids mean other messages then.

const MOST = 5000;

export function marks(space) {
  const place = `kobikom-read:${space}`;
  let state = { epoch: "", through: "", read: [] };
  try {
    state = { ...state, ...JSON.parse(localStorage.getItem(place) || "{}") };
  } catch {
    // a page that may store nothing shows everything as unread
  }
  let known = new Set(state.read);

  const keep = () => {
    state.read = [...known].slice(-MOST);
    try {
      localStorage.setItem(place, JSON.stringify(state));
    } catch {
      // as above
    }
  };
  const of = (epoch) => {
    if (epoch && epoch !== state.epoch) {
      state = { epoch, through: "", read: [] };
      known = new Set();
      keep();
    }
  };
  const order = (cursor) => cursor.split("-").map(Number);
  const isUpTo = (cursor, through) => {
    if (!through) return false;
    const [[a, b], [c, d]] = [order(cursor), order(through)];
    return a < c || (a === c && b <= d);
  };

  return {
    isUnread(epoch, item) {
      of(epoch);
      if (known.has(`!${item.id}`)) return true;
      return !known.has(item.id) && !isUpTo(item.cursor, state.through);
    },
    markRead(epoch, item) {
      of(epoch);
      known.delete(`!${item.id}`);
      known.add(item.id);
      keep();
    },
    markUnread(epoch, item) {
      of(epoch);
      known.delete(item.id);
      known.add(`!${item.id}`);
      keep();
    },
    markAll(epoch, newest) {
      of(epoch);
      state.through = newest.cursor;
      known = new Set();
      keep();
    },
  };
}
