// The collection's page: live progress, and files dropped anywhere on it. Everything works without.
(() => {
  "use strict";
  const job = document.getElementById("job");
  const shown = () => Boolean(job.querySelector(".progress"));
  let running = shown();

  async function look() {
    try {
      const answer = await fetch(new URL("collection/progress", document.baseURI.replace(/\/collection.*$/, "/")));
      const state = await answer.json();
      // Written by the server from numbers and its own words.
      if (state.running || running) job.innerHTML = state.html;
      if (running && !state.running) return location.reload();
      running = state.running;
    } catch {
      // The server is gone for a moment: ask again.
    }
    setTimeout(look, running ? 500 : 4000);
  }
  look();

  const form = document.querySelector("form.drop");
  const input = form?.querySelector('input[type="file"]');
  if (!input) return;
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      form.classList.toggle("over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        form.requestSubmit();
      }
    });
  }
})();
