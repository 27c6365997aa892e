"use strict";
(() => {
  const root = document.documentElement;
  const remembered = (() => { try { return localStorage.getItem("mingzhang-language"); } catch { return null; } })();

  function speak(language) {
    root.dataset.lang = language;
    root.lang = language === "zh" ? "zh-CN" : "en";
    try { localStorage.setItem("mingzhang-language", language); } catch { /* a file may have no storage */ }
  }
  speak(remembered || (navigator.language.startsWith("zh") ? "zh" : "en"));
  document.getElementById("language").addEventListener("click", () => { speak(root.dataset.lang === "zh" ? "en" : "zh"); drawAll(); });

  const worth = (cell) => {
    const text = cell ? cell.innerText.trim() : "";
    const number = Number(text.replace(/[,%]/g, ""));
    return text !== "" && !Number.isNaN(number) ? number : text;
  };
  const compare = (one, other) => {
    if (one === "" || other === "") return (one === "") - (other === "");
    if (typeof one === "number" && typeof other === "number") return one - other;
    return String(one).localeCompare(String(other), "zh-CN");
  };
  [...document.querySelectorAll("table")].forEach((table, number) => {
    const frame = document.createElement("div");
    frame.className = "scroll";
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", `表格 table ${number + 1}`);
    table.replaceWith(frame);
    frame.append(table);
    const first = table.tBodies[0].rows[0];
    [...table.querySelectorAll("thead th")].forEach((head, column) => {
      head.scope = "col";
      if (first && first.cells[column].classList.contains("num")) head.classList.add("num");
    });
    if (!table.classList.contains("sortable")) return;
    [...table.querySelectorAll("thead th")].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const falls = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.querySelectorAll("th")) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", falls ? "descending" : "ascending");
        const rows = [...table.tBodies[0].rows].map((row) => [worth(row.cells[column]), row]);
        rows.sort((one, other) => (falls ? -1 : 1) * compare(one[0], other[0]));
        table.tBodies[0].append(...rows.map(([, row]) => row));
      });
    });
  });

  const units = { zh: [[1e8, "亿"], [1e4, "万"]], en: [[1e9, "bn"], [1e6, "m"], [1e3, "k"]] };
  const amount = (value) => {
    const [size, name] = units[root.dataset.lang].find(([least]) => Math.abs(value) >= least) || [1, ""];
    return `${Number((value / size).toPrecision(4)).toLocaleString("en")}${name}`;
  };
  const named = (text) => (Array.isArray(text) ? text[root.dataset.lang === "zh" ? 0 : 1] : text);

  function draw() {
    const style = getComputedStyle(root);
    const [ink, dim, line] = ["--ink", "--dim", "--line"].map((name) => style.getPropertyValue(name).trim());
    const look = {
      background: "transparent", customFormatTypes: true, font: "system-ui", view: { stroke: null },
      axis: { labelColor: ink, titleColor: ink, gridColor: line, domainColor: dim, tickColor: dim, labelLimit: 220, labelFontSize: 12 },
      legend: { labelColor: ink, titleColor: ink, labelFontSize: 12 },
    };
    for (const figure of document.querySelectorAll(".chart")) {
      const spec = JSON.parse(figure.querySelector("script").textContent);
      for (const row of spec.data.values) for (const key of ["label", "series"]) row[key] = named(row[key]);
      const place = figure.querySelector("div");
      window.vegaEmbed(place, spec, { actions: false, renderer: "svg", config: look, tooltip: false, expressionFunctions: { amount } })
        .then(() => { figure.dataset.drawn = "true"; });
    }
  }
  const drawAll = () => { if (document.querySelector(".chart")) draw(); };
  document.addEventListener("DOMContentLoaded", drawAll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);

  const form = document.getElementById("search");
  if (form) {
    const [query, count, results] = ["query", "count", "results"].map((id) => document.getElementById(id));
    const most = 100;
    const plain = (text) => text.normalize("NFKC").toLowerCase();
    const spelling = {
      unicode: true, interSplit: "[^\\p{L}\\d]+", intraSplit: "\\p{Ll}\\p{Lu}", interBound: "[^\\p{L}\\d]",
      intraBound: "\\p{L}\\d|\\d\\p{L}", intraChars: "[\\p{L}\\d]",
    };
    let fuzzy = null, texts = null;
    const find = () => {
      const words = plain(query.value).trim();
      results.replaceChildren();
      count.textContent = "";
      if (!words) return;
      fuzzy ||= new window.uFuzzy(spelling);
      texts ||= window.mingzhangSearch.map(([, title, more]) => plain(`${title} ${more}`));
      const [matched, info, order] = fuzzy.search(texts, words, 4, 10000);
      const found = (order ? order.map((at) => info.idx[at]) : matched || []).map((at) => window.mingzhangSearch[at]);
      count.textContent = found.length > most ? `${most} / ${found.length}` : String(found.length);
      for (const [kind, title, more, page] of found.slice(0, most)) {
        const entry = document.createElement("li");
        const link = document.createElement("a");
        link.href = page;
        link.textContent = title;
        entry.append(`${kind} `, link, ` ${more}`);
        results.append(entry);
      }
    };
    form.addEventListener("submit", (event) => event.preventDefault());
    query.addEventListener("input", find);
    document.addEventListener("DOMContentLoaded", () => {
      query.value = decodeURIComponent(location.hash.slice(1));
      find();
      query.focus();
    });
  }
})();
