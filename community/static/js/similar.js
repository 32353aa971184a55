// Shows what there is like what somebody types: <div data-similar="/address" data-similar-of="id of the field">
// (or <datalist>). The address is asked with the field's own name.
const PAUSE = 400;

for (const target of document.querySelectorAll("[data-similar][data-similar-of]")) {
  const field = document.getElementById(target.dataset.similarOf);
  if (!field) continue;
  let timer = null;
  let asked = 0;

  const show = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(`${target.dataset.similar}?${new URLSearchParams({ [field.name]: field.value })}`);
      if (answer.ok && mine === asked) target.innerHTML = await answer.text(); // escaped by the server
    } catch {
      // no connection: what stands there stays
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });
}
