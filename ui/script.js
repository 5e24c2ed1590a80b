// Griot's page. The conversation lives here, in the browser: each question takes it along, and what comes back is kept.
window.griot = (() => {
  "use strict";
  const kept = window.griotKept;
  const narrow = window.matchMedia("(max-width: 860px)");
  const drawer = window.matchMedia("(max-width: 1120px)");
  const root = document.documentElement;
  const one = (selector) => document.querySelector(selector);
  const texts = JSON.parse(document.getElementById("griot-texts").textContent);
  const language = root.dataset.language;
  const griot = { texts, language, current: kept.held("current") };

  let pending = null; // a question that was chosen, and not written in the box
  let dropped = 0; // turns at the end that the next question takes the place of
  let wanted = false; // whether the reply to the last question is still awaited
  let sent = 0; // when it was sent, in milliseconds
  let before = null; // the turns as they were when it was asked
  let rating = null;
  let linked = (new URLSearchParams(location.search).get("q") ?? "").trim().slice(0, 1000);
  if (linked) griot.current = null;
  if (location.search) history.replaceState(null, "", location.pathname);

  // ---- Conversations ----
  const turnsOf = () => kept.read(griot.current)?.turns ?? [];
  const documentOf = (turns) => JSON.stringify({ id: griot.current ?? "", turns });
  const press = (id) => document.getElementById(id)?.click();

  griot.keep = (id, conversation) => { if (!kept.write(id, conversation)) say(texts.full_store); };
  griot.open = (id) => {
    wanted = false;
    editing(false);
    become(id);
    body("drawer", false);
    press("do-show");
    griot.list.draw();
    if (!id) box()?.focus();
  };
  griot.list = window.griotList(griot);

  function become(id) {
    griot.current = id;
    kept.hold("current", id);
  }

  // Called by Gradio, to know what to send.
  griot.opening = () => [documentOf(turnsOf()), language];
  griot.asking = (written) => {
    const chosen = pending;
    pending = null;
    const question = chosen ?? written ?? "";
    const turns = turnsOf();
    const asked = dropped ? turns.slice(0, -dropped) : turns;
    if (question.trim()) {
      wanted = true;
      sent = Date.now();
      before = turns;
      if (!griot.current) become(kept.fresh());
      kept.hold("draft", question);
      if (chosen === null) write("");
      editing(false);
      griot.list.forget();
      check();
    }
    return [question, documentOf(asked), language];
  };
  griot.stopping = () => {
    const turns = turnsOf();
    const last = turns.at(-1);
    wanted = false;
    if (!last || last.answer) return [documentOf(turns), language];
    // A question that took the place of another gives it back.
    const left = before ?? turns.slice(0, -1);
    takeOut();
    save(left);
    if (left.at(-1)?.question !== last.question) write(last.question);
    box()?.focus();
    return [documentOf(left), language];
  };
  griot.rating = () => [...(rating ?? ["", "", ""]), language];

  // From the page too, at once: what the page shows is what is kept.
  const takeOut = () => [...document.querySelectorAll("#conversation .turn")].at(-1)?.remove();

  function save(turns) {
    if (!griot.current) return;
    const before = kept.read(griot.current);
    if (!turns.length) {
      kept.remove(griot.current);
      become(null);
    } else if (JSON.stringify(before?.turns) !== JSON.stringify(turns)) {
      const at = before && before.turns.length >= turns.length ? before.at : Date.now();
      griot.keep(griot.current, { ...before, at, turns });
    } else return;
    griot.list.draw();
  }

  // ---- The box, and what is said beside it ----
  const box = () => one("#question textarea");
  function write(text) {
    const place = box();
    if (!place) return;
    place.value = text;
    place.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const body = (name, on) => document.body.classList.toggle(name, on);
  function editing(on) {
    dropped = on ? 1 : 0;
    body("editing", on);
  }
  function say(text) { one("#said").textContent = text; const place = one("#state"); if (place) place.textContent = text; }
  const whisper = (text) => { one("#said").textContent = text; };

  async function copy(button, text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch { // no clipboard without https: the old way
      const area = document.body.appendChild(Object.assign(document.createElement("textarea"), { value: text, className: "unseen" }));
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    whisper(button.dataset.said);
    const label = button.textContent;
    if (button.classList.contains("said")) return;
    button.classList.add("said");
    button.textContent = button.dataset.said;
    setTimeout(() => { button.classList.remove("said"); button.textContent = label; button.closest("details")?.removeAttribute("open"); }, 1200);
  }

  // ---- Sources: beside the answer, in step with it ----
  const cardOf = ({ turn, number }) => document.getElementById(`${narrow.matches ? "fold" : "panel"}-${turn}-${number}`);
  const quoteOf = ({ turn, number }) => one(`.quote[data-turn="${turn}"][data-number="${number}"]`);
  function showSources(turn) {
    for (const section of document.querySelectorAll("#panel .sources")) section.hidden = section.dataset.turn !== turn;
    for (const place of document.querySelectorAll(".turn")) place.classList.toggle("selected", place.dataset.turn === turn);
  }
  function mark(kind, { turn, number } = {}) {
    for (const other of document.querySelectorAll(`.${kind}`)) other.classList.remove(kind);
    for (const place of document.querySelectorAll(`:is(.card, .quote)[data-turn="${turn}"][data-number="${number}"]`)) place.classList.add(kind);
  }
  function choose(marker) {
    showSources(marker.dataset.turn);
    const card = cardOf(marker.dataset);
    if (!card) return;
    const fold = card.closest("details");
    if (fold) fold.open = true;
    mark("chosen", marker.dataset);
    card.scrollIntoView({ block: "nearest", behavior: "smooth" });
    card.focus({ preventScroll: true });
  }
  let hover = 0;
  function point(event) {
    const place = event.target.closest?.(".marker, .card");
    clearTimeout(hover);
    mark("pointed", event.type === "mouseover" ? place?.dataset : undefined);
    if (event.type !== "mouseover" || !place || narrow.matches) return;
    // Not at once: a pointer that only passes by changes nothing.
    if (place.classList.contains("marker")) hover = setTimeout(() => {
      showSources(place.dataset.turn);
      cardOf(place.dataset)?.scrollIntoView({ block: "nearest", behavior: "smooth" });
    }, 120);
  }
  document.addEventListener("mouseover", point);
  document.addEventListener("mouseout", point);
  document.addEventListener("focusin", (event) => {
    const card = event.target.closest?.(".card");
    if (card) mark("pointed", card.dataset);
  });

  // ---- What buttons do ----
  const turnOf = (button) => button.closest(".turn");
  const acts = {
    new: () => griot.open(null),
    rail: () => {
      if (drawer.matches) {
        body("drawer", !document.body.classList.contains("drawer"));
      } else {
        body("folded", !document.body.classList.contains("folded"));
        kept.set("folded", document.body.classList.contains("folded") ? "1" : "");
      }
      railState();
      one(document.body.classList.contains("drawer") || !(drawer.matches || document.body.classList.contains("folded")) ? "#rail [data-do=rail]" : "#bar .tools [data-do=rail]")?.focus();
    },
    suggest: (button) => ask(button.dataset.question),
    edit: (button) => { write(button.textContent); box()?.focus(); },
    copy: (button) => copy(button, button.dataset.copy),
    link: (button) => copy(button, `${location.origin}${location.pathname}?q=${encodeURIComponent(button.dataset.question)}`),
    retry: () => { const last = turnsOf().at(-1); if (last && !busy()) { dropped = 1; ask(last.question); } },
    change: () => { const last = turnsOf().at(-1); if (last) { editing(true); write(last.question); box()?.focus(); } },
    leave: () => { editing(false); write(""); box()?.focus(); },
    remove: () => { takeOut(); save(turnsOf().slice(0, -1)); press("do-show"); box()?.focus(); },
    rate: (button) => {
      const form = turnOf(button).querySelector(".reason");
      form.hidden = button.dataset.verdict === "up";
      if (form.hidden) rate(turnOf(button), "up", "");
      else form.querySelector("input").focus();
    },
  };
  // Told by the page, not by Gradio: there a question has not ended yet when its reply is shown, and the next one would be lost.
  const busy = () => waiting || (wanted && Date.now() - sent < 2000);
  function ask(question) {
    if (busy()) return;
    pending = question;
    press("do-ask");
  }
  function rate(turn, verdict, reason) {
    const document = { ...JSON.parse(turn.dataset.kept), verdict };
    rating = [JSON.stringify({ id: "", turns: [document] }), verdict, reason];
    press("do-rate");
    turn.dataset.kept = JSON.stringify(document);
    for (const thumb of turn.querySelectorAll("[data-verdict]")) thumb.setAttribute("aria-pressed", String(thumb.dataset.verdict === verdict));
    settle();
  }
  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.(".reason")) return;
    event.preventDefault();
    rate(turnOf(event.target), "down", event.target.querySelector("input").value);
    event.target.hidden = true;
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    const button = event.target.closest?.("[data-do]");
    if (button) {
      const menu = button.closest("details.menu");
      acts[button.dataset.do]?.(button);
      if (menu && !button.dataset.said) menu.open = false;
      return;
    }
    const link = event.target.closest?.('a[href^="#"]');
    if (link) {
      // Kept from reloading the page: its <base> would make "#x" another address.
      event.preventDefault();
      if (link.classList.contains("marker")) choose(link);
      return;
    }
    if (event.target.closest?.("a, button, summary, input, form")) return;
    const card = event.target.closest?.(".card");
    if (card) {
      mark("chosen", card.dataset);
      quoteOf(card.dataset)?.closest("details")?.setAttribute("open", "");
      quoteOf(card.dataset)?.scrollIntoView({ block: "center", behavior: "smooth" });
    } else if (event.target.closest?.(".turn")) showSources(turnOf(event.target).dataset.turn);
  });

  // ---- Keys ----
  function escape() {
    const menu = one("details.menu[open]");
    const form = one(".reason:not([hidden])");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    else if (form) { form.hidden = true; turnOf(form).querySelector("[data-verdict=down]").focus(); }
    else if (document.body.classList.contains("drawer")) acts.rail();
    else if (document.body.classList.contains("waiting")) press("stop");
    else if (document.body.classList.contains("editing")) acts.leave();
    else {
      const card = document.activeElement.closest(".card");
      if (card) quoteOf(card.dataset)?.querySelector(".marker").focus();
    }
  }
  function hold(event) { // on the window, before Gradio's own listeners
    const sends = event.type === "click" ? event.target.closest?.("#send") : event.key === "Enter" && !event.shiftKey && event.target === box();
    if (!sends || !busy()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
  for (const kind of ["keydown", "keypress", "click"]) window.addEventListener(kind, hold, true);
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "Escape") escape();
    else if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      box()?.focus();
    } else if (["ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft"].includes(event.key) && event.target.matches?.(".card")) {
      event.preventDefault();
      const forward = event.key === "ArrowDown" || event.key === "ArrowRight";
      const next = forward ? event.target.nextElementSibling : event.target.previousElementSibling;
      next?.focus({ preventScroll: true });
      next?.scrollIntoView({ block: "nearest" });
    }
  });

  // ---- The server: gone, and back ----
  let instance = null;
  async function check() {
    try {
      const answer = await fetch(`state?lang=${language}`, { cache: "no-store", signal: AbortSignal.timeout(5000) });
      if (!answer.ok) throw new Error(String(answer.status));
      const state = await answer.json();
      // Another server than the one that made this page: its own page is asked for, and the conversation is still here.
      if (instance && instance !== state.instance) return reload();
      instance = state.instance;
      if (document.body.classList.contains("offline") && document.body.classList.contains("waiting")) return reload();
      body("offline", false);
      const place = one("#state");
      if (place && place.textContent !== state.said && ![texts.damaged_store, texts.full_store].includes(place.textContent)) place.textContent = state.said;
    } catch {
      body("offline", true);
      if (one("#state") && one("#state").textContent !== texts.offline) say(texts.offline);
    }
  }
  function reload() {
    if (box()?.value) kept.hold("draft", box().value);
    location.reload();
  }
  setInterval(() => { if (!document.hidden || document.body.classList.contains("offline")) check(); }, 3000);

  // ---- After each change of the page ----
  function railState() {
    const open = drawer.matches ? document.body.classList.contains("drawer") : !document.body.classList.contains("folded");
    for (const button of document.querySelectorAll(".tools [data-do=rail], #rail [data-do=rail]")) button.setAttribute("aria-expanded", String(open));
  }
  function keepLanguage() { // Gradio puts the browser's language there, even where the page speaks another
    if (root.lang !== language) root.lang = language;
  }
  function first() {
    body("folded", kept.setting("folded") === "1");
    railState();
    griot.list.draw();
    if (kept.damaged) say(texts.damaged_store);
    check();
    const draft = kept.held("draft");
    const last = turnsOf().at(-1);
    if (draft && !linked && last?.question !== draft) write(draft);
    kept.hold("draft", null);
    if (!narrow.matches) box()?.focus({ preventScroll: true });
    if (linked) ask(linked);
    linked = "";
  }
  function makeRoom(turn) { // for the last question to stand at the top, whatever the length of its answer
    const scroll = one("#scroll");
    if (!turn || !scroll) return;
    const used = one("#suggestions").getBoundingClientRect().bottom - turn.getBoundingClientRect().top;
    scroll.style.setProperty("--room", `${Math.max(0, Math.floor(scroll.clientHeight - used))}px`);
  }
  function announce(turn) {
    const said = turn?.querySelector(".lead, .quote, .refusal, .notice")?.textContent.trim() ?? "";
    whisper(turn?.querySelector(".quote") ? texts.ready.replace("{text}", said) : said);
  }

  let turns = 0;
  let seen = "";
  let waiting = false;
  let opened = false;
  function settle() {
    keepLanguage();
    if (!opened && one("#masthead h1") && one("#conversation > *")) {
      opened = true;
      first();
    }
    const shown = [...document.querySelectorAll("#conversation .turn")];
    const last = shown.at(-1);
    const owner = one("#conversation .turns")?.dataset.conversation;
    // Only what changed here: another window may have gone on with the same conversation.
    const carried = JSON.stringify(shown.map((turn) => turn.dataset.kept));
    if (shown.length && carried !== seen) {
      seen = carried;
      // A reply that was on its way when the reader stopped it, or left: what is kept is shown again.
      if (owner !== griot.current || (!wanted && shown.length > turnsOf().length)) return press("do-show");
      save(shown.map((turn) => JSON.parse(turn.dataset.kept)));
    }
    seen = carried;
    const replied = waiting && !one("#conversation .waiting-turn");
    if (replied) wanted = false;
    waiting = Boolean(one("#conversation .waiting-turn"));
    if (waiting) kept.hold("draft", null);
    body("waiting", waiting);
    body("started", shown.length > 0);
    const after = one("#suggestions .followups")?.dataset.after;
    body("followed", after !== undefined && !waiting && after === last?.querySelector(".question").textContent);
    makeRoom(last);
    if (shown.length !== turns || replied) {
      last?.scrollIntoView({ block: "start" });
      one("#panel")?.scrollTo(0, 0);
      if (last) showSources(last.dataset.turn);
    }
    if (replied) {
      announce(last);
      if (!narrow.matches && (document.activeElement === document.body || document.activeElement?.id === "stop")) box()?.focus({ preventScroll: true });
      if (last?.querySelector(".quote")) press("do-follow");
    }
    turns = shown.length;
  }
  new MutationObserver(settle).observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["lang"] });
  return griot;
})();
