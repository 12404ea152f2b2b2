// A strategy's steps on their time line: a step dropped on another takes its day, before it; on the mark, the due date.
(() => {
  const line = document.querySelector("[data-line-of-steps]");
  if (!line) return;
  let carried = null;

  const target = (event) => event.target.closest("[data-step]");

  line.addEventListener("dragstart", (event) => {
    carried = target(event);
    if (!carried) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", carried.dataset.step);
    carried.classList.add("carried");
  });
  line.addEventListener("dragend", () => carried?.classList.remove("carried"));
  line.addEventListener("dragover", (event) => {
    const over = target(event);
    if (!carried || !over || over === carried) return;
    event.preventDefault();
    line.querySelectorAll(".drop-here").forEach((step) => step.classList.remove("drop-here"));
    over.classList.add("drop-here");
  });
  line.addEventListener("drop", (event) => {
    const over = target(event);
    if (!carried || !over || over === carried) return;
    event.preventDefault();
    move(carried, over.dataset.days, over.dataset.step);
  });

  // Alt and an arrow move the step that has the focus.
  line.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const step = target(event);
    if (!by || !event.altKey || !step) return;
    event.preventDefault();
    move(step, Number(step.dataset.days) + by, "");
  });

  function move(step, days, before) {
    const form = step.querySelector("[data-move]");
    form.elements.before.value = before;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "days", value: days });
    form.append(field);
    form.submit();
  }
})();
