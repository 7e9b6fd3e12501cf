// Search on a site of files: `podcat build` wrote an index in shards, this reads what it needs of
// it. Words are folded as podcat.text folds them. Everything found is put into the page as text.

const SHOWN = 30;
const MOST_SHARDS = 12; // for words that only begin as typed
const PAUSE = 150; // milliseconds after the last key

// ---------------------------------------------------------------- words

const MARKED = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u;
const MARK = /[\u0300-\u036f\u0483-\u0487\u1ab0-\u1abd\u1abf-\u1ace\u1dc0-\u1dff\u20d0-\u20dc\u20e1\u20e5-\u20f0\u2de0-\u2dff\u3099\u309a\ua66f\ua674-\ua67d\ua69e\ua69f\ua8e0-\ua8f1\ufe20-\ufe2f]/;
const CHEROKEE = /\p{Script=Cherokee}/u;

function casefold(text) {
  let folded = "";
  for (const sign of text) {
    if (sign === "\u0131") folded += sign;
    else if (CHEROKEE.test(sign)) folded += sign.toUpperCase();
    else for (const one of sign.toUpperCase()) folded += one.toLowerCase();
  }
  return folded;
}

/** Text as it is searched: marks dropped in Latin, Greek and Cyrillic. */
export function fold(text) {
  let plain = "", base = "";
  for (const sign of casefold(text).normalize("NFKD")) {
    if (!MARK.test(sign)) { base = sign; plain += sign; }
    else if (!MARKED.test(base)) plain += sign;
  }
  return casefold(plain.normalize("NFC"));
}

export function words(text) {
  return fold(text).match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu) ?? [];
}

/** What is typed, as words that must occur and words that must not. */
export function asked(typed) {
  const wanted = new Set(), unwanted = new Set();
  for (const [, minus, quoted, plain] of typed.matchAll(/(?<!\S)(-?)(?:"([^"]*)"?|(\S+))/g)) {
    // `tag:ice` is a word here: tags and people are among what is searched.
    const part = quoted ?? plain.replace(/^(?:tag|person|programme|provider):/i, "");
    words(part).forEach((word) => (minus ? unwanted : wanted).add(word));
  }
  return { wanted: [...wanted], unwanted: [...unwanted] };
}

// ---------------------------------------------------------------- the index

class Index {
  #base;
  #files = new Map();

  constructor(base) { this.#base = base; }

  /** A file of the index, fetched once. */
  #file(name) {
    if (!this.#files.has(name)) {
      const coming = fetch(`${this.#base}/${name}.json`).then((answer) => {
        if (!answer.ok) throw new Error(`${answer.status}`);
        return answer.json();
      });
      coming.catch(() => this.#files.delete(name));
      this.#files.set(name, coming);
    }
    return this.#files.get(name);
  }

  /** Names of the shards that can have a word, or all words with that beginning. */
  async #shards(word, beginning) {
    const { shards } = await this.#file("index");
    let first = 0;
    for (let end = shards.length; first + 1 < end;) {
      const middle = (first + end) >> 1;
      if (shards[middle][0] <= word) first = middle; else end = middle;
    }
    let last = first + 1;
    while (beginning && last < shards.length && shards[last][0].startsWith(word)) last += 1;
    return shards.slice(first, Math.min(last, first + MOST_SHARDS)).map(([, name]) => `words/${name}`);
  }

  /** Numbers of the episodes with a word. */
  async #having(word, beginning) {
    const found = new Set();
    for (const shard of await Promise.all((await this.#shards(word, beginning)).map((s) => this.#file(s)))) {
      const fitting = beginning ? Object.keys(shard).filter((w) => w.startsWith(word)) : [word];
      for (const one of fitting) {
        let number = 0;
        // Not what every object has: `constructor` is a word like others.
        for (const gap of Object.hasOwn(shard, one) ? shard[one] : []) found.add(number += gap);
      }
    }
    return found;
  }

  /** Numbers of the episodes with all words, the newest first; the last may be a beginning. */
  async find({ wanted, unwanted }, beginning) {
    if (!wanted.length) return [];
    const last = wanted.length - 1;
    const sets = await Promise.all(wanted.map((word, n) => this.#having(word, beginning && n === last)));
    const without = await Promise.all(unwanted.map((word) => this.#having(word, false)));
    sets.sort((a, b) => a.size - b.size);
    const found = [...sets[0]].filter(
      (number) => sets.every((set) => set.has(number)) && !without.some((set) => set.has(number)));
    return this.#newestFirst(found);
  }

  async #newestFirst(numbers) {
    const { times: size } = await this.#file("index");
    const places = new Map();
    await Promise.all([...new Set(numbers.map((number) => Math.floor(number / size)))].map(
      async (block) => places.set(block, await this.#file(`times/${block}`))));
    const time = (number) => places.get(Math.floor(number / size))[number % size];
    return numbers.sort((a, b) => time(b) - time(a) || b - a);
  }

  /** What is shown of episodes. */
  async records(numbers) {
    const { records: size } = await this.#file("index");
    return Promise.all(numbers.map(
      async (number) => (await this.#file(`records/${Math.floor(number / size)}`))[number]));
  }
}

// ---------------------------------------------------------------- the page

function element(name, text, settings = {}) {
  const made = Object.assign(document.createElement(name), settings);
  if (text) made.textContent = text;
  return made;
}

function entry([title, path, iso, date, length, origin, people, provider, state]) {
  const when = element("p", "", { className: "when" });
  when.append(date ? element("time", date, { dateTime: iso }) : element("span", "date not stated", { className: "unknown" }));
  if (length) when.append(" ", element("time", length, { className: "length" }));
  const heading = element("h2", "", { className: "entry-title" });
  heading.append(element("a", title, { href: path, dir: "auto" }));
  const what = element("div", "", { className: "what" });
  what.append(heading);
  const by = [origin, people].filter(Boolean).join(" · ");
  if (by) what.append(element("p", by, { className: "by", dir: "auto" }));
  const marks = element("p", "", { className: "marks" });
  // A bare file has no provider, and one "Audio file" says it.
  if (provider !== state) marks.append(element("span", provider, { className: "badge" }), " ");
  marks.append(element("span", state, { className: "badge" }));
  what.append(marks);
  const article = element("article", "", { className: "entry" });
  article.append(when, what);
  const item = element("li");
  item.append(article);
  return item;
}

/** Makes a form search, as one types and when it is sent. */
export function setUp(form) {
  const index = new Index(form.dataset.base);
  const field = form.elements.q;
  const place = document.getElementById("hits");
  const said = document.getElementById("found");
  const more = document.getElementById("more");
  let turn = 0, waiting = 0, hits = [], shown = 0;

  async function show(number) {
    const mine = turn;
    const next = hits.slice(shown, shown + number);
    const records = await index.records(next);
    if (mine !== turn) return;
    if (!shown) place.replaceChildren();
    place.append(...records.filter(Boolean).map(entry));
    shown += next.length;
    more.hidden = shown >= hits.length;
  }

  function tell(question) {
    const count = `${hits.length.toLocaleString("en")} ${hits.length === 1 ? "recording" : "recordings"}`;
    if (hits.length) said.textContent = count;
    else if (!question.wanted.length && question.unwanted.length) said.textContent = "Write a word that must occur, too.";
    else if (question.wanted.length) said.textContent = "Nothing has all of these words. Use fewer of them.";
    else said.textContent = field.value.trim() ? "There is no word in that to look for." : "";
  }

  async function search(typing) {
    const mine = turn += 1;
    const question = asked(field.value);
    try {
      let found = await index.find(question, typing && /\S$/.test(field.value));
      if (!found.length && !typing) found = await index.find(question, true);
      if (mine !== turn) return;
      hits = found;
      shown = 0;
      tell(question);
      if (hits.length) await show(SHOWN); else { place.replaceChildren(); more.hidden = true; }
      said.dataset.of = field.value;
    } catch (trouble) {
      if (mine === turn) said.textContent = `The search index cannot be read just now (${trouble.message}).`;
    }
  }

  function address() {
    const url = new URL(location.href);
    if (field.value.trim()) url.searchParams.set("q", field.value); else url.searchParams.delete("q");
    return url;
  }

  field.value = new URL(location.href).searchParams.get("q") ?? "";
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      history.replaceState(history.state, "", address());
      search(true);
    }, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    if (address().href !== location.href) history.pushState({ y: 0 }, "", address());
    search(false);
  });
  more.addEventListener("click", () => show(SHOWN));
  if (field.value) search(false);
}
