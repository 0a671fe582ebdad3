// Sets the theme before the page is painted: the stored choice (auto, light or dark), else that of the system.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function stored() {
    try {
      return localStorage.getItem("theme") || "auto";
    } catch {
      return "auto";
    }
  }

  let choice = stored();

  function apply() {
    const theme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
    if (root.dataset.bsTheme !== theme) {
      root.dataset.bsTheme = theme;
      document.dispatchEvent(new Event("themechange"));
    }
  }

  root.classList.add("js");
  apply();
  dark.addEventListener("change", apply);

  window.bauTheme = {
    get choice() {
      return choice;
    },
    choose(next) {
      choice = next;
      try {
        localStorage.setItem("theme", next);
      } catch {
        // Without storage the choice lasts as long as the page.
      }
      apply();
    },
  };
})();
