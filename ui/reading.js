// Griot's plain pages: from quote to quote, a question about what is selected, printing. They are whole without it.
(() => {
  "use strict";
  const rail = document.querySelector(".rail");
  const stops = [...document.querySelectorAll(".rail li a")];
  const places = stops.map((stop) => document.getElementById(stop.hash.slice(1)));
  let at = Math.max(0, places.findIndex((place) => place.querySelector("#quote")));

  function tell() {
    stops.forEach((stop, number) => {
      if (number === at) stop.setAttribute("aria-current", "true");
      else stop.removeAttribute("aria-current");
    });
    for (const mark of document.querySelectorAll("mark[data-quote]")) mark.classList.toggle("chosen", Number(mark.dataset.quote) === at + 1);
    rail.querySelector(".previous").disabled = at === 0;
    rail.querySelector(".next").disabled = at === stops.length - 1;
  }

  function go(number) {
    if (number < 0 || number >= stops.length) return;
    at = number;
    tell();
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    places[at].scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  }

  if (stops.length) {
    for (const [name, step] of [["previous", -1], ["next", 1]]) {
      const button = rail.querySelector(`.${name}`);
      button.hidden = stops.length < 2;
      button.addEventListener("click", () => go(at + step));
    }
    stops.forEach((stop, number) => {
      stop.addEventListener("click", (event) => {
        event.preventDefault();
        go(number);
        history.replaceState(null, "", stop.hash);
      });
    });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "n" || event.key === "ArrowRight") go(at + 1);
      if (event.key === "p" || event.key === "ArrowLeft") go(at - 1);
    });
    const named = stops.findIndex((stop) => stop.hash === location.hash);
    if (named >= 0) at = named;
    tell();
    // Links made by Griot end in "#quote"; this serves those that do not, such as the ones printed by `griot ask`.
    if (!location.hash || location.hash === "#quote") places[at].scrollIntoView({ block: "center" });
  }

  // What is selected in the text, as a question to start from.
  const text = document.querySelector(".text[data-ask]");
  const ask = document.createElement("a");
  ask.className = "ask";
  function offer() {
    const selection = document.getSelection();
    const words = String(selection).replace(/\s+/g, " ").trim();
    ask.remove();
    if (words.length < 2 || !selection.rangeCount || !text.contains(selection.anchorNode) || !text.contains(selection.focusNode)) return;
    const short = words.length > 300 ? words.slice(0, 300).replace(/\s\S*$/, "") : words;
    ask.href = `../?q=${encodeURIComponent(short.toWellFormed?.() ?? short)}`;
    ask.textContent = text.dataset.ask;
    document.querySelector("main").append(ask);
    const place = selection.getRangeAt(0).getBoundingClientRect();
    const left = Math.min(Math.max(8, place.left), document.documentElement.clientWidth - ask.offsetWidth - 8);
    ask.style.left = `${left + window.scrollX}px`;
    ask.style.top = `${place.bottom + window.scrollY + 6}px`;
  }
  if (text) {
    let later;
    document.addEventListener("selectionchange", () => {
      clearTimeout(later);
      later = setTimeout(offer, 150);
    });
  }

  for (const button of document.querySelectorAll(".print")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
