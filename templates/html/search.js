// Searches the texts of this site in the browser. They lie beside this script, in as many files as `data-parts` says, and
// are loaded when somebody searches; every word must stand somewhere, as it is typed or within another one.
(() => {
  const own = document.currentScript;
  const field = document.querySelector("form.search input");
  const found = document.querySelector(".found");
  const results = document.querySelector(".results");
  const MOST = 50, BEFORE = 40, SHOWN = 160;
  const pages = [];
  let asked = false;

  const plain = (text) => text.normalize("NFKC").toLowerCase();

  // each file calls this with its pages
  window.postferrySearch = (part, list) => {
    for (const [address, title, day, text] of list) {
      pages.push({ address, title, day, text, part, head: plain(title), all: plain(title + "\n" + text) });
    }
    show();
  };

  const load = () => {
    if (asked) return;
    asked = true;
    for (let part = 1; part <= Number(own.dataset.parts); part++) {
      const script = document.createElement("script");
      script.src = new URL(part + ".js", own.src).href;
      document.head.append(script);
    }
  };

  const snippet = (page, words) => {
    // as long as the text itself, so that places in it are the same
    const lower = page.text.toLowerCase();
    const at = Math.max(0, Math.min(...words.map((word) => lower.indexOf(word)).filter((at) => at >= 0), lower.length));
    const from = at === lower.length ? 0 : Math.max(0, at - BEFORE);
    const piece = page.text.slice(from, from + SHOWN);
    const line = document.createElement("p");
    const low = piece.toLowerCase();
    let done = 0;
    // where a character has another length in small letters, nothing is marked
    for (let at = 0; low.length === piece.length && at < piece.length; ) {
      const word = words.find((word) => low.startsWith(word, at));
      if (!word) { at += 1; continue; }
      const mark = document.createElement("mark");
      mark.textContent = piece.slice(at, at + word.length);
      line.append(piece.slice(done, at), mark);
      done = at += word.length;
    }
    line.prepend(from > 0 ? "… " : "");
    line.append(piece.slice(done), from + SHOWN < page.text.length ? " …" : "");
    return line;
  };

  const show = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    results.textContent = found.textContent = "";
    if (!words.length) return;
    const hits = pages.filter((page) => words.every((word) => page.all.includes(word)));
    const weight = (page) => words.filter((word) => page.head.includes(word)).length;
    hits.sort((a, b) => weight(b) - weight(a) || (b.day > a.day ? 1 : b.day < a.day ? -1 : 0));
    found.textContent = hits.length ? found.dataset.found.replace("{n}", hits.length) : found.dataset.none;
    for (const page of hits.slice(0, MOST)) {
      const link = document.createElement("a");
      link.href = new URL("../" + page.address, own.src).href;
      link.textContent = page.title;
      const head = document.createElement("h2");
      head.append(link);
      const item = document.createElement("li");
      item.append(head);
      if (page.day) {
        const day = document.createElement("time");
        day.textContent = page.day;
        item.append(day);
      }
      item.append(snippet(page, words));
      results.append(item);
    }
  };

  field.addEventListener("focus", load);
  field.addEventListener("input", () => { load(); show(); });
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", "?q=" + encodeURIComponent(field.value));
  });
  field.value = new URLSearchParams(location.search).get("q") || "";
  if (field.value) load();
})();
