// Shows Markdown as it will look: <textarea data-preview="/address" data-preview-to="id of an element">
const PAUSE = 400;

for (const field of document.querySelectorAll("textarea[data-preview][data-preview-to]")) {
  const target = document.getElementById(field.dataset.previewTo);
  if (!target) continue;
  let timer = null;
  let asked = 0;

  const show = async () => {
    const mine = ++asked;
    const token = field.form?.elements.csrf_token?.value ?? "";
    try {
      const answer = await fetch(field.dataset.preview, {
        method: "POST",
        body: new URLSearchParams({ [field.name]: field.value }),
        headers: { "X-CSRFToken": token },
      });
      if (answer.ok && mine === asked) target.innerHTML = await answer.text(); // sanitised by the server
    } catch {
      // no connection: the last preview stays
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });
  if (field.value) show();
}
