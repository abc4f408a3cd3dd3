"use strict";
const map = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const kindClass = { "held without a process": "held", "kernel threads": "kernel" };

// Every text of others goes in as text, never as markup.
function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
  for (const child of children) if (child !== null && child !== undefined) made.append(child);
  return made;
}

function chips(card) {
  const row = element("div", { class: "chips" });
  card.namespaces.forEach((inode, i) => {
    const own = card.own[i];
    row.append(element("span", { class: own ? "own" : "", "data-namespace": inode ? map.kinds[i].name + inode : "",
      title: map.kinds[i].name + (inode ? ":[" + inode + "]" : "") + (own ? " of its own" : "") }, map.kinds[i].short));
  });
  return row;
}

function cardElement(card, number) {
  const kind = kindClass[card.kind] || card.kind;
  const made = element("article", { class: "card " + kind + (card.copies.length ? " stack" : ""), tabindex: "0", "data-card": number,
    style: "--colour:" + card.colour, title: card.name + "\n" + card.detail },
    element("h2", {}, element("b", {}, card.face.name), element("small", {}, card.face.tag)),
    element("p", {}, card.face.first), chips(card));
  for (const line of card.face.lines) {
    const mark = line.wire === null ? null : element("i", { style: "background:" + map.wires[line.wire].colour, "data-port": line.wire });
    made.append(element("p", { title: line.text }, mark, line.text));
  }
  card.words = [card.kind, card.name, card.container, card.detail, ...card.copies,
    ...card.processes.flatMap((one) => [String(one.pid), one.command]), ...card.lines,
    ...card.devices.flatMap((one) => [one.name, one.kind, one.mac, one.beyond, ...one.addresses]),
    ...card.namespaces.map((inode, i) => (inode ? map.kinds[i].name + ":[" + inode + "]" : ""))].join("\n").toLowerCase();
  card.element = made;
  return made;
}

function boxElement(number) {
  const box = map.boxes[number];
  const count = (inner) => map.boxes[inner].cards.length + map.boxes[inner].boxes.reduce((sum, one) => sum + count(one), 0);
  const inside = element("div", { class: "inside" });
  for (const card of box.cards) inside.append(cardElement(map.cards[card], card));
  const frames = element("div", { class: "inside frames" });
  for (const inner of box.boxes) frames.append(boxElement(inner));
  const made = element("details", { class: "box " + box.kind, open: "", "data-box": number },
    element("summary", {}, box.label + (box.detail ? ", " + box.detail : "") + " ", element("small", {}, "(" + count(number) + ")")), box.cards.length ? inside : null,
    box.boxes.length ? frames : null);
  made.addEventListener("toggle", drawWires);
  return made;
}

function isShown(node) {
  for (let box = node.closest("details"); box; box = box.parentElement.closest("details")) if (!box.open) return false;
  return !node.closest(".gone");
}

// Where a wire meets a card, or the frame that it is folded into.
function visible(node) {
  let at = node;
  for (let box = node.closest("details"); box; box = box.parentElement.closest("details")) if (!box.open) at = box.querySelector("summary");
  return at.getClientRects().length ? at : null;
}

function pinsOf(wire, number, origin) {
  const cards = new Set(wire.ends.map((end) => end.card));
  if (wire.home !== null) cards.add(wire.home);
  const pins = new Map();
  for (const card of cards) {
    if (card === 0) continue;
    const at = visible(map.cards[card].element);
    if (!at || at.closest(".gone")) continue;
    const box = at.getBoundingClientRect();
    const slot = at.slots = at.stamp === drawWires.stamp ? at.slots : [];
    at.stamp = drawWires.stamp;
    if (!slot.includes(number)) slot.push(number);
    const x = Math.min(box.left + 18 + 14 * slot.indexOf(number), box.right - 10) - origin.left;
    pins.set(at, { x, y: box.bottom - origin.top, card });
  }
  return [...pins.values()];
}

// Cards that end at about one height are a row; under each row every wire has a track of its own.
function drawWires() {
  const svg = byId("wires"), main = byId("map"), origin = main.getBoundingClientRect();
  drawWires.stamp = (drawWires.stamp || 0) + 1;
  const wires = map.wires.map((wire, number) => ({ wire, number, pins: pinsOf(wire, number, origin), marks: [] }));
  const rows = [];
  for (const one of wires) for (const pin of one.pins) {
    let row = rows.find((known) => Math.abs(known.y - pin.y) < 3);
    if (!row) rows.push(row = { y: pin.y, tracks: [] });
    if (!row.tracks.includes(one.number)) row.tracks.push(one.number);
    pin.row = row;
  }
  const most = rows.reduce((all, row) => Math.max(all, row.tracks.length), 1);
  const channel = 14 + 7 * Math.min(most, 12);
  const trunks = wires.filter((one) => one.pins.length && (one.wire.home === 0 || one.wire.ends.some((end) => end.card === 0) ||
    new Set(one.pins.map((pin) => pin.row)).size > 1));
  const gutter = 20 + 9 * trunks.length;
  const wanted = channel + "px " + gutter + "px";
  if (drawWires.wanted !== wanted) {  // the channels' height and the gutter's width move the cards
    drawWires.wanted = wanted;
    main.style.setProperty("--channel", channel + "px");
    main.style.paddingLeft = gutter + 10 + "px";
    return drawWires();
  }
  const hostMarks = map.cards[0].element;
  svg.replaceChildren();
  svg.setAttribute("width", main.scrollWidth);
  svg.setAttribute("height", main.scrollHeight);
  for (const one of wires) {
    const trunk = trunks.indexOf(one), x = 14 + 9 * trunk;
    if (trunk < 0 && one.pins.length < 2) continue;  // both ends are folded into one frame
    let path = "", ys = [];
    const mark = hostMarks.querySelector('[data-port="' + one.number + '"]');
    if (trunk >= 0 && mark) {
      const shown = visible(mark);
      if (shown) {
        const box = shown.getBoundingClientRect(), y = (box.top + box.bottom) / 2 - origin.top;
        path += "M" + x + " " + y + "H" + (box.left - origin.left);
        ys.push(y);
      }
    }
    for (const row of new Set(one.pins.map((pin) => pin.row))) {
      const pins = one.pins.filter((pin) => pin.row === row), y = row.y + 9 + 7 * (row.tracks.indexOf(one.number) % 12);
      const right = Math.max(...pins.map((pin) => pin.x)), left = trunk >= 0 ? x : Math.min(...pins.map((pin) => pin.x));
      path += "M" + left + " " + y + "H" + right;
      for (const pin of pins) path += "M" + pin.x + " " + pin.y + "V" + y;
      ys.push(y);
    }
    if (trunk >= 0 && ys.length) path += "M" + x + " " + Math.min(...ys) + "V" + Math.max(...ys);
    if (!path) continue;
    const group = document.createElementNS("http://www.w3.org/2000/svg", "g");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", path);
    line.setAttribute("stroke", one.wire.colour);
    if (one.wire.dash) line.setAttribute("stroke-dasharray", one.wire.dash);
    group.setAttribute("data-wire", one.number);
    group.append(line);
    svg.append(group);
  }
}

function search() {
  const words = byId("search").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const card of map.cards) {
    const matches = words.length > 0 && words.every((word) => card.words.includes(word));
    card.element.classList.toggle("match", matches);
    card.element.classList.toggle("dim", words.length > 0 && !matches);
    card.element.classList.toggle("gone", words.length > 0 && !matches && byId("only").checked);
    if (!matches) continue;
    ++found;
    for (let box = card.element.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  }
  for (const box of document.querySelectorAll(".box"))
    box.classList.toggle("gone", words.length > 0 && byId("only").checked && !box.querySelector(".match"));
  byId("found").textContent = words.length ? found + (found === 1 ? " match" : " matches") : "";
  drawWires();
}

function wiresOf(card) {
  return map.wires.map((wire, number) => number).filter((number) => map.wires[number].home === card ||
    map.wires[number].ends.some((end) => end.card === card));
}

// Hovering or focusing a card lights its wires, the cards at their other ends, and the namespaces that others share with it.
function light(card) {
  unlight();
  if (card === null) return;
  const wires = wiresOf(card);
  for (const group of byId("wires").children) {
    const lit = wires.includes(Number(group.dataset.wire));
    group.classList.toggle("lit", lit);
    group.classList.toggle("dim", !lit);
  }
  for (const number of wires) for (const end of map.wires[number].ends)
    if (end.card !== card) map.cards[end.card].element.classList.add("near");
  const own = new Set(map.cards[card].namespaces.map((inode, i) => (map.cards[card].own[i] && inode ? map.kinds[i].name + inode : null)));
  for (const chip of document.querySelectorAll(".chips .own"))
    if (own.has(chip.dataset.namespace) && !map.cards[card].element.contains(chip)) chip.classList.add("same");
}

function unlight() {
  for (const name of ["lit", "near", "same"]) for (const one of document.querySelectorAll("." + name)) one.classList.remove(name);
  for (const group of byId("wires").children) group.classList.remove("dim");
}

function table(rows) {
  return element("table", {}, ...rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", {}, cell)))));
}

function showDetails(number) {
  const card = map.cards[number], panel = byId("details");
  const close = element("button", { type: "button" }, "Close (Esc)");
  close.addEventListener("click", hideDetails);
  panel.replaceChildren(close, element("h2", {}, card.name), element("p", {}, card.kind + (card.detail ? ": " + card.detail : "")));
  const part = (title, rows) => { if (rows.length) panel.append(element("h3", {}, title), table(rows)); };
  part("Namespaces", card.namespaces.map((inode, i) => [map.kinds[i].name, (inode ? "[" + inode + "] " : "") +
    (card.own[i] ? "of its own" : inode ? "the host's" : "")]).filter((row) => row[1]));
  part("Stands for", card.copies.map((name) => [name]));
  part("Notes", card.lines.map((line) => [line]));
  part("Devices", card.devices.map((one) => [one.name, [one.kind, one.up ? "up" : "down", one.mac, "mtu " + one.mtu, ...one.addresses,
    one.beyond].filter(Boolean).join(", ")]));
  part("Processes", card.processes.map((one) => [String(one.pid), one.command]));
  panel.hidden = false;
  showDetails.from = card.element;
  panel.focus();
}

function hideDetails() {
  if (byId("details").hidden) return false;
  byId("details").hidden = true;
  if (showDetails.from) showDetails.from.focus();
  return true;
}

function step(direction) {
  const cards = [...document.querySelectorAll(".card")].filter(isShown);
  const at = cards.indexOf(document.activeElement);
  const next = cards[Math.min(Math.max(at + direction, 0), cards.length - 1)];
  if (next) next.focus();
}

// To a card of that name rather than to one that only mentions it.
function goToMatch() {
  const words = byId("search").value.trim().toLowerCase();
  const matches = map.cards.filter((card) => card.element.classList.contains("match"));
  const best = matches.find((card) => card.name.toLowerCase().includes(words)) || matches[0];
  if (best) best.element.focus();
}

function onKey(event) {
  const typing = document.activeElement === byId("search");
  if (event.key === "Escape") {
    if (hideDetails()) return;
    byId("search").value = "";
    search();
    document.activeElement.blur();
  } else if (!typing && event.key === "/") {
    byId("search").focus();
    byId("search").select();
  } else if (!typing && (event.key === "ArrowRight" || event.key === "ArrowDown")) {
    step(1);
  } else if (!typing && (event.key === "ArrowLeft" || event.key === "ArrowUp")) {
    step(-1);
  } else if (event.key === "Enter" && typing) {
    goToMatch();
  } else if (event.key === "Enter" && document.activeElement.classList.contains("card")) {
    showDetails(Number(document.activeElement.dataset.card));
  } else {
    return;
  }
  event.preventDefault();
}

function fold(open) {
  for (const box of document.querySelectorAll(".box")) box.open = open || box.dataset.box === "0";
  drawWires();
}

function legend() {
  const add = (mark, words) => byId("legend").append(element("li", {}, mark, words));
  for (const [kind, colour] of Object.entries(map.colours)) add(element("i", { style: "color:" + colour }), kind);
  map.wires.slice(0, 10).forEach((wire) => add(element("i", { class: "line", style: "color:" + wire.colour }), wire.name));
}

function begin() {
  document.title = "Namespaces of " + map.host;
  byId("title").textContent = document.title;
  byId("when").textContent = map.when;
  for (const note of map.notes) byId("notes").append(element("li", {}, note));
  legend();
  byId("map").append(boxElement(0));
  byId("search").addEventListener("input", search);
  byId("only").addEventListener("change", search);
  byId("fold").addEventListener("click", () => fold(false));
  byId("unfold").addEventListener("click", () => fold(true));
  document.addEventListener("keydown", onKey);
  const cardOf = (event) => { const card = event.target.closest && event.target.closest(".card"); return card ? Number(card.dataset.card) : null; };
  byId("map").addEventListener("mouseover", (event) => light(cardOf(event)));
  byId("map").addEventListener("mouseleave", unlight);
  byId("map").addEventListener("focusin", (event) => light(cardOf(event)));
  byId("map").addEventListener("click", (event) => { if (cardOf(event) !== null) showDetails(cardOf(event)); });
  window.addEventListener("resize", drawWires);
  drawWires();
  if (location.hash.startsWith("#search=")) {
    byId("search").value = decodeURIComponent(location.hash.slice(8));
    search();
  }
}

begin();
