// What this browser keeps: its conversations, each under a key of its own so that a damaged one harms no other.
window.griotKept = (() => {
  "use strict";
  const PREFIX = "griot.conversation.";
  const memory = new Map();
  const passing = new Map();

  // A browser that refuses to keep anything still holds conversations while the page is open.
  function store(area) {
    try {
      const storage = window[area];
      storage.getItem("griot");
      return storage;
    } catch {
      const kept = new Map();
      return {
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => kept.set(key, value),
        removeItem: (key) => kept.delete(key),
        key: (place) => [...kept.keys()][place] ?? null,
        get length() { return kept.size; },
      };
    }
  }
  const local = store("localStorage");
  const session = store("sessionStorage");

  const sound = (found) =>
    found && typeof found === "object" && Number.isFinite(found.at) && (found.name === undefined || typeof found.name === "string") &&
    Array.isArray(found.turns) && found.turns.every((turn) => turn && typeof turn.question === "string");

  /** The conversation kept under `id`; null when there is none, or when it is damaged: then it is put aside and said once. */
  function read(id) {
    const text = id && (local.getItem(PREFIX + id) ?? memory.get(id));
    if (!text) return null;
    try {
      const found = JSON.parse(text);
      if (sound(found)) return found;
    } catch { /* said below */ }
    local.removeItem(PREFIX + id);
    kept.damaged += 1;
    return null;
  }

  /** Keep a conversation. False when the browser has no room for it: it then lasts as long as the page. */
  function write(id, conversation) {
    const text = JSON.stringify(conversation);
    try {
      local.setItem(PREFIX + id, text);
      memory.delete(id);
      return true;
    } catch {
      memory.set(id, text);
      return false;
    }
  }

  function remove(id) {
    local.removeItem(PREFIX + id);
    memory.delete(id);
  }

  /** Every conversation, the newest first. */
  function all() {
    const ids = new Set(memory.keys());
    for (let place = 0; place < local.length; place += 1) {
      const key = local.key(place);
      if (key?.startsWith(PREFIX)) ids.add(key.slice(PREFIX.length));
    }
    return [...ids].map((id) => ({ id, ...read(id) })).filter((found) => found.turns?.length).sort((one, other) => other.at - one.at);
  }

  const kept = {
    damaged: 0, read, write, remove, all,
    /** What this window alone remembers, as long as it is open. */
    held: (name) => passing.get(name) ?? session.getItem(`griot.${name}`),
    hold: (name, value) => {
      passing.delete(name);
      try { value ? session.setItem(`griot.${name}`, value) : session.removeItem(`griot.${name}`); } catch { passing.set(name, value); }
    },
    setting: (name) => local.getItem(`griot.${name}`),
    set: (name, value) => { try { local.setItem(`griot.${name}`, value); } catch { /* a taste, not a loss */ } },
    fresh: () => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`,
    named: (conversation) => conversation.name || conversation.turns[0]?.question.slice(0, 80) || "",
  };
  return kept;
})();
