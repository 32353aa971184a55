// Keys of the moderators' desk: cards are [data-concern]; a button says its key in aria-keyshortcuts.
// j k go from card to card; 1 2 3 4 choose in the card with the focus; z undoes. Never while somebody types.
const cards = [...document.querySelectorAll("[data-concern]")];
const current = () => cards.find((card) => card.contains(document.activeElement));

const go = (step) => {
  const at = cards.indexOf(current());
  const next = at < 0 ? cards[0] : cards[at + step];
  next?.focus();
  next?.scrollIntoView({ block: "start" });
};

const choose = (key) => {
  const card = current() ?? cards[0];
  const button = card?.querySelector(`[aria-keyshortcuts="${key}"]`);
  if (!button) return;
  const explanation = button.closest("details");
  if (!explanation) {
    button.click(); // nothing to explain
    return;
  }
  explanation.open = true;
  const hasReason = explanation.querySelector("[name=reason]:checked");
  (hasReason ? button : explanation.querySelector("[name=reason]")).focus(); // Enter presses it
};

const isTyping = ({ target }) => target.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
  else if (event.key === "z") document.querySelector(".undo button")?.click();
  else if ("1234".includes(event.key)) choose(event.key);
  else return;
  event.preventDefault();
});
