"use strict";
(() => {
  const [form, sql, state, answer, report] = ["ask", "sql", "state", "answer", "report"].map((id) => document.getElementById(id));
  const button = form.querySelector("button");
  const most = 1000;
  const bytes = async (text) => {
    const packed = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  };
  const asData = (buffer, type) => new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(new Blob([buffer], { type }));
  });
  let connection = null;

  async function start() {
    state.textContent = state.dataset.starting;
    const { worker, wasm } = window.duckdbParts;
    const script = URL.createObjectURL(new Blob([await bytes(worker)], { type: "text/javascript" }));
    const database = new window.duckdb.AsyncDuckDB(new window.duckdb.VoidLogger(), new Worker(script));
    await database.instantiate(await asData(await bytes(wasm), "application/wasm"));
    await database.registerFileBuffer("reports.duckdb", new Uint8Array(await bytes(window.mingzhangReports)));
    connection = await database.connect();
    for (const each of [
      "set autoinstall_known_extensions = false", "set autoload_known_extensions = false",
      "attach 'reports.duckdb' as reports (read_only)", "use reports.marts",
    ]) await connection.query(each);
    state.textContent = "";
    button.disabled = false;
  }

  async function ask() {
    if (!connection || button.disabled) return;
    button.disabled = true;
    answer.replaceChildren();
    state.className = "";
    const began = performance.now();
    try {
      // as text, for a DECIMAL would arrive as a whole number of cents
      const query = sql.value.trim().replace(/;$/, "");
      const found = await connection.query(`select columns(*)::varchar from (${query}\n) limit ${most + 1}`);
      show(found.schema.fields.map((field) => field.name), found.toArray());
      const count = Math.min(found.numRows, most);
      state.textContent = `${count}${found.numRows > most ? "+" : ""} · ${Math.round(performance.now() - began)} ms`;
    } catch (error) {
      state.className = "error";
      state.textContent = error.message;
    }
    button.disabled = false;
  }

  function show(names, rows) {
    const table = document.createElement("table");
    const head = table.createTHead().insertRow();
    const is_number = names.map((name) => rows.some((row) => row[name] !== null)
      && rows.every((row) => row[name] === null || (/^-?\d+(\.\d+)?$/.test(row[name]) && !/_(code|id|key)$/.test(name))));
    names.forEach((name, at) => {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = name;
      if (is_number[at]) cell.className = "num";
      head.append(cell);
    });
    const body = table.createTBody();
    for (const row of rows.slice(0, most)) {
      const line = body.insertRow();
      names.forEach((name, at) => {
        const cell = line.insertCell();
        cell.textContent = row[name] ?? "";
        if (is_number[at]) {
          cell.className = "num";
          if (name.endsWith("_yuan")) cell.textContent = cell.textContent.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ",");
        }
      });
    }
    const frame = document.createElement("div");
    frame.className = "scroll";
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", "SQL");
    frame.append(table);
    answer.append(frame);
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
  sql.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); ask(); } });
  report.addEventListener("change", () => { if (report.value) { sql.value = `from ${report.value}\nlimit 20`; ask(); } });
  start().then(ask).catch((error) => { state.className = "error"; state.textContent = error.message; });
})();
