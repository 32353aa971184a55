// Completes names after @: <form data-mentions="/address" data-mentions-label="People" data-mentions-text="{count} people; arrow keys choose">
// A listbox of the form's textarea: up and down choose, Enter or Tab takes, Escape closes. Nobody needs it to name somebody.
const PAUSE = 150;
const BEGUN = /(?:^|[^\w@/.+-])@([\p{L}\p{N}-]{2,40})$/u;

for (const [number, form] of [...document.querySelectorAll("form[data-mentions]")].entries()) {
  const field = form.querySelector("textarea");
  if (field) complete(field, form.dataset, `people-${number}`);
}

function complete(field, { mentions, mentionsLabel, mentionsText }, id) {
  const list = document.createElement("ul");
  Object.assign(list, { id, hidden: true, className: "people" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", mentionsLabel);
  const told = document.createElement("p");
  told.className = "visually-hidden";
  told.setAttribute("role", "status");
  field.after(list, told);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-haspopup", "listbox");
  field.setAttribute("aria-controls", id);

  let asked = 0;
  let timer = null;
  let chosen = -1;

  const begun = () => field.value.slice(0, field.selectionStart).match(BEGUN)?.[1] ?? "";

  const close = () => {
    asked++;
    clearTimeout(timer);
    list.hidden = true;
    list.replaceChildren();
    told.textContent = "";
    field.removeAttribute("aria-activedescendant");
  };

  const choose = (next) => {
    chosen = (next + list.children.length) % list.children.length;
    [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
    field.setAttribute("aria-activedescendant", list.children[chosen].id);
    list.children[chosen].scrollIntoView({ block: "nearest" });
  };

  const take = (option) => {
    const start = field.selectionStart - begun().length;
    field.setRangeText(`${option.dataset.username} `, start, field.selectionStart, "end");
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };

  const show = (people) => {
    list.replaceChildren(...people.map(optionOf));
    list.hidden = !people.length;
    told.textContent = people.length ? mentionsText.replace("{count}", people.length) : "";
    if (people.length) choose(0);
  };

  const optionOf = ({ name, username }, place) => {
    const option = document.createElement("li");
    Object.assign(option, { id: `${id}-${place}`, className: "people__one" });
    option.setAttribute("role", "option");
    option.dataset.username = username;
    const written = document.createElement("bdi");
    written.textContent = name;
    const address = document.createElement("span");
    address.className = "people__name";
    address.textContent = `@${username}`;
    option.append(written, " ", address);
    option.addEventListener("pointerdown", (event) => event.preventDefault()); // the textarea keeps the focus
    option.addEventListener("click", () => take(option));
    return option;
  };

  const ask = async () => {
    const mine = ++asked;
    try {
      const address = new URL(mentions, location.href);
      address.searchParams.set("q", begun());
      const answer = await fetch(address);
      if (answer.ok && mine === asked) show((await answer.json()).people);
    } catch {
      // no connection: the name is typed by hand
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    if (begun()) timer = setTimeout(ask, PAUSE);
    else if (!list.hidden || asked) close();
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter" || event.key === "Tab") take(list.children[chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", close);
}
