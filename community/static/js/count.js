// Says how many characters are left, near the end: <textarea maxlength="5000" data-count="{count} characters left">
for (const field of document.querySelectorAll("[data-count][maxlength]")) {
  const left = document.createElement("p");
  left.className = "letters-left";
  left.setAttribute("aria-live", "polite");
  field.after(left);
  const words = field.dataset.count || "{count}";
  const show = () => {
    const count = field.maxLength - field.value.length;
    const isNear = count <= field.maxLength / 5;
    left.hidden = !isNear;
    left.classList.toggle("letters-left--few", count <= field.maxLength / 20);
    left.textContent = isNear ? words.replace("{count}", count.toLocaleString(document.documentElement.lang)) : "";
  };
  field.addEventListener("input", show);
  show();
}
