// Buttons under a text that is written in Markdown: <textarea data-markdown='{"bold": "Bold", …}'>
// They come with the first touch of the text, below it, so that nothing moves under the hand.
// The words of the buttons come from the page, in its language; English where there are none.
const TOOLS = {
  bold: { words: "Bold", before: "**", after: "**" },
  italic: { words: "Italic", before: "_", after: "_" },
  link: { words: "Link", before: "[", after: "](https://)" },
  heading: { words: "Heading", line: "## " },
  list: { words: "List", line: "- " },
  quote: { words: "Quote", line: "> " },
};

const around = (field, { before, after }) => {
  const { selectionStart: from, selectionEnd: to, value } = field;
  const chosen = value.slice(from, to);
  field.setRangeText(before + chosen + after, from, to, "end");
  const start = from + before.length;
  field.setSelectionRange(start, start + chosen.length);
};

const onLines = (field, { line }) => {
  const { selectionStart, selectionEnd, value } = field;
  const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const lines = value.slice(from, selectionEnd).split("\n");
  const isOn = lines.every((one) => one.startsWith(line));
  const changed = lines.map((one) => (isOn ? one.slice(line.length) : line + one)).join("\n");
  field.setRangeText(changed, from, selectionEnd, "end");
};

const wordsOf = (field) => {
  try {
    return JSON.parse(field.dataset.markdown || "{}");
  } catch {
    return {};
  }
};

const equip = (field) => {
  const words = wordsOf(field);
  const row = document.createElement("div");
  row.className = "markdown-tools";
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", words.label ?? "Text");
  for (const [name, tool] of Object.entries(TOOLS)) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words[name] ?? tool.words;
    button.addEventListener("click", () => {
      (tool.line ? onLines : around)(field, tool);
      field.focus();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    row.append(button);
  }
  field.after(row);
};

for (const field of document.querySelectorAll("textarea[data-markdown]")) {
  if (field === document.activeElement) equip(field);
  else field.addEventListener("focus", () => equip(field), { once: true });
}
