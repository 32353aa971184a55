// A condition shows only the values that its chosen way of asking needs: <label data-ways="at_least between">
const show = (way) => {
  for (const value of way.closest(".segment__row").querySelectorAll("[data-ways]"))
    value.hidden = !value.dataset.ways.split(" ").includes(way.value);
};
for (const way of document.querySelectorAll(".segment__way")) {
  way.addEventListener("change", () => show(way));
  show(way);
}
