// The list of conversations in the side panel: open, rename, delete, and think again.
window.griotList = (griot) => {
  "use strict";
  const kept = window.griotKept;
  let deleted = null;
  let renaming = false;

  function element(tag, options = {}, ...children) {
    const { data, ...rest } = options;
    const made = Object.assign(document.createElement(tag), rest);
    Object.assign(made.dataset, data);
    made.append(...children);
    return made;
  }

  function heading(at) {
    const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86400000);
    return days < 1 ? griot.texts.today : days < 2 ? griot.texts.yesterday : griot.texts.earlier;
  }

  function item(conversation) {
    const { id } = conversation;
    const name = kept.named(conversation);
    const open = element("button", { type: "button", className: "open", textContent: name, title: name, onclick: () => griot.open(id) });
    if (id === griot.current) open.setAttribute("aria-current", "true");
    const dots = element("summary", { className: "act icon dots", title: griot.texts.more_actions });
    dots.setAttribute("aria-label", `${griot.texts.more_actions}: ${name}`);
    const rename = element("button", { type: "button", className: "item", textContent: griot.texts.rename, onclick: () => edit(id, open) });
    const drop = element("button", { type: "button", className: "item", textContent: griot.texts.delete, onclick: () => remove(id) });
    const exports = (document.getElementById("list").dataset.exports ?? "").split(" ").filter(Boolean).map((form) =>
      element("button", { type: "button", className: "item", textContent: griot.texts[`export_${form}`], onclick: () => hand(form, conversation) }));
    const menu = element("details", { className: "menu" }, dots, element("div", { className: "items" }, rename, ...exports, drop));
    menu.addEventListener("click", (event) => { if (event.target.matches(".item")) menu.open = false; });
    return element("li", { data: { id } }, open, menu);
  }

  function edit(id, open) {
    const box = element("input", { type: "text", className: "rename", value: open.textContent, maxLength: 120 });
    box.setAttribute("aria-label", griot.texts.rename);
    let over = false;
    const close = (save) => {
      if (over) return;
      over = true;
      renaming = false;
      const found = kept.read(id);
      if (save && found && box.value.trim()) griot.keep(id, { ...found, name: box.value.trim() });
      draw();
      document.querySelector(`#list li[data-id="${CSS.escape(id)}"] .open`)?.focus();
    };
    box.onkeydown = (event) => {
      if (event.key === "Enter") { event.preventDefault(); close(true); }
      if (event.key === "Escape") { event.stopPropagation(); close(false); }
    };
    box.onblur = () => close(true);
    renaming = true;
    open.replaceWith(box);
    box.select();
    box.focus();
  }

  // A form, so that the browser shows or saves what comes back.
  function hand(form, conversation) {
    const answers = conversation.turns.flatMap((turn) => turn.answer ?? []);
    const box = element("input", { type: "hidden", name: "conversation", value: JSON.stringify({ answers, language: griot.language }) });
    const sent = element("form", { method: "post", action: `export/${form}`, target: form === "print" ? "_blank" : "" }, box);
    document.body.append(sent);
    sent.submit();
    sent.remove();
  }

  function remove(id) {
    deleted = { id, conversation: kept.read(id) };
    kept.remove(id);
    if (id === griot.current) griot.open(null);
    draw();
    document.querySelector("#list .undo button")?.focus();
  }

  function restore() {
    const { id, conversation } = deleted;
    deleted = null;
    if (conversation) griot.keep(id, conversation);
    griot.open(id);
  }

  function draw() {
    const list = document.getElementById("list");
    if (!list || renaming) return;
    const parts = [];
    if (deleted) {
      const undo = element("button", { type: "button", className: "act plain", textContent: griot.texts.undo, onclick: restore });
      parts.push(element("p", { className: "quiet undo", role: "status" }, `${griot.texts.deleted} `, undo));
    }
    let said = "";
    let rows = null;
    for (const conversation of kept.all()) {
      const group = heading(conversation.at);
      if (group !== said) {
        said = group;
        rows = element("ul");
        parts.push(element("h2", { textContent: group }), rows);
      }
      rows.append(item(conversation));
    }
    list.replaceChildren(...parts);
  }

  window.addEventListener("storage", draw);
  return { draw, forget: () => { deleted = null; } };
};
