// Everything here only adds to pages that work without it: theme button, charts, the survey's sum, one post for one press.
(() => {
  // Theme: the button goes through the three choices and says which one holds.
  const CHOICES = ["auto", "light", "dark"];

  function startThemeButton(button) {
    const say = () => {
      button.textContent = `Theme: ${window.bauTheme.choice}`;
    };
    button.addEventListener("click", () => {
      const next = (CHOICES.indexOf(window.bauTheme.choice) + 1) % CHOICES.length;
      window.bauTheme.choose(CHOICES[next]);
      say();
    });
    say();
    button.hidden = false;
  }

  // Charts: colours written as var(--name) take the theme's values, then Plotly draws; the table under it closes.
  const COLOUR = /var\((--[a-z-]+)\)/g;
  const NARROW = 480; // on a phone a year's points would run into each other

  function figureOf(chart) {
    const styles = getComputedStyle(document.documentElement);
    const text = document.getElementById(chart.dataset.figure).textContent;
    const figure = JSON.parse(text.replace(COLOUR, (_, name) => styles.getPropertyValue(name).trim()));
    if (chart.clientWidth < NARROW) {
      figure.data.filter((trace) => trace.name === "planned share").forEach((trace) => {
        trace.marker.size *= 0.6;
      });
    }
    return figure;
  }

  async function draw(chart) {
    const figure = figureOf(chart);
    await window.Plotly.react(chart, figure.data, figure.layout, {
      displaylogo: false,
      responsive: true,
      modeBarButtons: [["toImage"]],
      toImageButtonOptions: { filename: chart.dataset.name || "chart", scale: 2 },
    });
    // Readers of the page get the sentence and the table, not loose ticks and labels.
    for (const drawing of chart.querySelectorAll("svg.main-svg")) {
      drawing.setAttribute("aria-hidden", "true");
    }
  }

  async function startCharts(charts) {
    if (!charts.length || !window.Plotly) {
      return;
    }
    for (const chart of charts) {
      chart.hidden = false;
      await draw(chart);
      chart.closest("figure")?.querySelector("details[data-table]")?.removeAttribute("open");
    }
    document.addEventListener("themechange", () => charts.forEach(draw));
  }

  // Survey: total, remainder and bar follow what is typed, in the unit of the form.
  const amountOf = (input) => Math.max(0, Number.parseFloat(input.value.replace(",", ".")) || 0);

  function startSurvey(form) {
    const inputs = [...form.querySelectorAll("[data-amount]")];
    const available = form.querySelector("[data-available]");
    const inUnit = (amount) => {
      const shown = Math.round(amount * 100) / 100;
      return `${shown}${shown === 1 ? form.dataset.one : form.dataset.many}`;
    };
    const remainderOf = (left) => {
      if (Math.abs(left) < 0.005) {
        return ["full", "all placed"];
      }
      return left > 0 ? ["short", `${inUnit(left)} left`] : ["over", `${inUnit(-left)} too many`];
    };
    const say = (name, text) => {
      form.querySelectorAll(`[data-${name}]`).forEach((place) => {
        place.textContent = text;
      });
    };
    const update = () => {
      const total = inputs.reduce((sum, input) => sum + amountOf(input), 0);
      const most = Number(form.dataset.most) || (available ? amountOf(available) : 0);
      const [state, words] = remainderOf(most - total);
      form.dataset.sum = state;
      say("total", inUnit(total));
      say("remainder", words);
      form.querySelectorAll("[data-bar]").forEach((bar) => {
        bar.max = most || 1;
        bar.value = Math.min(total, most || 1);
      });
    };
    form.addEventListener("input", update);
    window.addEventListener("pageshow", update); // the browser puts typed values back after this script has run
  }

  // One post for one press. The button stays enabled for the browser, so its name and value are sent.
  function guard(event) {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) {
      return;
    }
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-disabled", "true");
  }

  function release() {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
    }
  }

  document.addEventListener("submit", guard);
  window.addEventListener("pageshow", release); // coming back with the back button
  document.querySelectorAll("[data-theme-button]").forEach(startThemeButton);
  document.querySelectorAll("form[data-survey]").forEach(startSurvey);
  // The last: Plotly is large, and nothing else should wait for it.
  document.addEventListener("DOMContentLoaded", () => startCharts([...document.querySelectorAll(".chart[data-figure]")]));
})();
