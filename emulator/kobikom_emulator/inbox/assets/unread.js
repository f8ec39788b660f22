// Which messages were opened already, remembered by this browser for each space. They are forgotten when the epoch
// changes (the space was reset or replaced, or the server restarted): the same ids are other messages then.

const MAX_IDS = 5000;

export function unreadMarks(space) {
  const storageKey = `kobikom-read:${space}`;
  const empty = { epoch: "", upTo: -1, read: [] };
  let state = empty;
  try {
    state = { ...empty, ...JSON.parse(localStorage.getItem(storageKey) || "{}") };
  } catch {
    // without storage every message is unread
  }
  // ids that were opened; with "!" before it, an id that was marked unread again
  let marks = new Set(state.read);

  const save = () => {
    state.read = [...marks].slice(-MAX_IDS);
    try {
      localStorage.setItem(storageKey, JSON.stringify(state));
    } catch {
      // as above
    }
  };
  const useEpoch = (epoch) => {
    if (epoch && epoch !== state.epoch) {
      state = { ...empty, epoch };
      marks = new Set();
      save();
    }
  };

  return {
    isUnread(epoch, message) {
      useEpoch(epoch);
      if (marks.has(`!${message.id}`)) return true;
      return !marks.has(message.id) && message.cursor > state.upTo;
    },
    markRead(epoch, message) {
      useEpoch(epoch);
      marks.delete(`!${message.id}`);
      marks.add(message.id);
      save();
    },
    markUnread(epoch, message) {
      useEpoch(epoch);
      marks.delete(message.id);
      marks.add(`!${message.id}`);
      save();
    },
    markAllRead(epoch, newest) {
      useEpoch(epoch);
      state.upTo = newest.cursor;
      marks = new Set();
      save();
    },
  };
}
