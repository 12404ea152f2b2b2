// A strategy's steps on their time line: a step dropped on another takes its day, before it; on the mark, the due date.
(() => {
  let carried = null;

  const target = (event) => event.target.closest?.("[data-line-of-steps] [data-step]");

  document.addEventListener("dragstart", (event) => {
    carried = target(event);
    if (!carried) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", carried.dataset.step);
    carried.classList.add("carried");
  });
  document.addEventListener("dragend", () => carried?.classList.remove("carried"));
  document.addEventListener("dragover", (event) => {
    const over = target(event);
    if (!carried || !over || over === carried || over.parentElement !== carried.parentElement) return;
    event.preventDefault();
    document.querySelectorAll(".drop-here").forEach((step) => step.classList.remove("drop-here"));
    over.classList.add("drop-here");
  });
  document.addEventListener("drop", (event) => {
    const over = target(event);
    if (!carried || !over || over === carried || over.parentElement !== carried.parentElement) return;
    event.preventDefault();
    move(carried, over.dataset.days, over.dataset.step);
  });

  // Alt and an arrow move the step that has the focus.
  document.addEventListener("keydown", (event) => {
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

// A step's form shows the fields of what was chosen; without scripts all of them are there.
(() => {
  function fit(form) {
    const said = document.getElementById("kinds-of-what");
    const what = form.elements[form.dataset.kindsOf];
    if (!said || !what) return;
    const kinds = (JSON.parse(said.textContent)[what.value] || "").split(" ");
    form.parentElement.querySelectorAll("[data-for]").forEach((part) => {
      part.hidden = !part.dataset.for.split(" ").some((kind) => kinds.includes(kind));
    });
  }
  const all = (within) => within.querySelectorAll?.("form[data-kinds-of]").forEach(fit);
  document.addEventListener("change", (event) => event.target.form?.matches("[data-kinds-of]") && fit(event.target.form));
  document.addEventListener("htmx:afterSwap", (event) => all(event.target));
  all(document);
})();
