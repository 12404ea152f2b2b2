// Before the first paint: the look the person chose, else the machine's.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const choice = root.dataset.themeChoice;
  const dark = choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.setAttribute("data-bs-theme", dark ? "dark" : "light");
})();
