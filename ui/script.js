// Griot's page: markers show their source, a new question comes into view. Everything else is plain HTML.
(() => {
  "use strict";
  const narrow = window.matchMedia("(max-width: 860px)");
  const one = (selector) => document.querySelector(selector);

  function cardOf({ turn, number }) {
    return document.getElementById(`${narrow.matches ? "fold" : "panel"}-${turn}-${number}`);
  }

  function showSources(turn) {
    for (const section of document.querySelectorAll("#panel .sources")) section.hidden = section.dataset.turn !== turn;
  }

  function choose(marker) {
    showSources(marker.dataset.turn);
    const card = cardOf(marker.dataset);
    if (!card) return;
    const fold = card.closest("details");
    if (fold) fold.open = true;
    for (const other of document.querySelectorAll(".card.chosen")) other.classList.remove("chosen");
    card.classList.add("chosen");
    card.scrollIntoView({ block: "nearest", behavior: "smooth" });
    card.focus({ preventScroll: true });
  }

  // A link to a place of this page, kept from reloading it: the page's <base> would make "#x" another address.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link) return;
    event.preventDefault();
    if (link.classList.contains("marker")) return choose(link);
    const place = document.getElementById(link.getAttribute("href").slice(1));
    if (!place) return;
    if (place.dataset.turn) showSources(place.dataset.turn);
    place.scrollIntoView({ block: "start", behavior: "smooth" });
  });

  // What was understood goes back into the box, to be changed and asked again.
  document.addEventListener("click", (event) => {
    const edit = event.target.closest?.(".edit");
    const box = one("#question textarea");
    if (!edit || !box) return;
    box.value = edit.textContent;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  });

  function point(event) {
    const marker = event.target.closest?.(".marker");
    if (!marker) return;
    const { turn, number } = marker.dataset;
    for (const place of document.querySelectorAll(`[data-turn="${turn}"][data-number="${number}"]`)) {
      place.classList.toggle("pointed", event.type === "mouseover");
    }
  }
  document.addEventListener("mouseover", point);
  document.addEventListener("mouseout", point);

  // Gradio puts the browser's language there, even where the page speaks another.
  const root = document.documentElement;
  const keepLanguage = () => {
    if (root.dataset.language && root.lang !== root.dataset.language) root.lang = root.dataset.language;
  };
  new MutationObserver(keepLanguage).observe(root, { attributes: true, attributeFilter: ["lang"] });
  keepLanguage();

  let turns = 0;
  let waiting = false;
  let opened = false;
  function settle() {
    const shown = document.querySelectorAll("#conversation .turn");
    const last = shown[shown.length - 1];
    const replied = waiting && !one("#conversation .waiting-turn");
    if (shown.length !== turns || replied) last?.scrollIntoView({ block: "start" });
    if (shown.length > turns || replied) one("#panel")?.scrollTo(0, 0);
    if (replied && !narrow.matches) one("#question textarea")?.focus({ preventScroll: true });
    if (!opened && one("#masthead h1")) {
      opened = true;
      one("#question textarea")?.focus({ preventScroll: true });
    }
    turns = shown.length;
    waiting = Boolean(one("#conversation .waiting-turn"));
    document.body.classList.toggle("started", turns > 0);
  }
  new MutationObserver(settle).observe(root, { childList: true, subtree: true });
})();
