// Keeps what is typed: <form data-draft="/address">, said in <span data-draft-state data-text="Draft kept at {time}">
// Every 5 seconds while somebody types, and on leaving the page. The form works without it.
const PAUSE = 5000;

for (const form of document.querySelectorAll("form[data-draft]")) {
  const state = form.querySelector("[data-draft-state]");
  let hasChanged = false;
  let timer = null;

  const fields = () => {
    const all = new FormData(form);
    for (const field of form.elements) {
      if (field.type === "password" || field.type === "file") all.delete(field.name);
    }
    return new URLSearchParams(all);
  };

  const say = () => {
    if (!state) return;
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    state.textContent = (state.dataset.text || "{time}").replace("{time}", time);
  };

  const keep = async (isLeaving = false) => {
    clearTimeout(timer);
    timer = null;
    if (!hasChanged) return;
    hasChanged = false;
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        body: fields(),
        headers: { "X-CSRFToken": form.elements.csrf_token?.value ?? "" },
        keepalive: isLeaving,
      });
      if (!answer.ok) throw new Error(answer.status);
      say();
    } catch {
      hasChanged = true; // tried again with the next letter
    }
  };

  form.addEventListener("input", () => {
    hasChanged = true;
    timer ??= setTimeout(keep, PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    hasChanged = false;
  });
  addEventListener("pagehide", () => keep(true));
  document.addEventListener("visibilitychange", () => document.hidden && keep(true));
}
