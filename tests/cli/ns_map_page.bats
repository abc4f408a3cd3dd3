#!/usr/bin/env bats
# The page of `caisson ns map -o FILE.html` in a real browser, without a screen: what it draws, search, fold, hover, keys.
load ../lib/suite
load people
load map_world

setup() {
  world_setup
  command -v chromium >/dev/null || skip "no chromium"
}
teardown() { people_teardown; }

# in_browser SCRIPT: the page with SCRIPT at its end, whose check(name, condition) calls are lines of the output.
in_browser() {
  python3 - "$HOME_OF/m.html" "$WORK/checked.html" "$1" <<'END'
import sys
page = open(sys.argv[1], encoding="utf-8").read()
script = """<script>
const results = [];
const check = (name, holds) => results.push((holds ? "ok " : "not ok ") + name);
const card = (name) => map.cards.find((one) => one.name === name).element;
const shown = isShown;
const key = (name) => (document.activeElement || document.body).dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
const type = (words) => { byId("search").value = words; byId("search").dispatchEvent(new Event("input")); };
try { """ + open(sys.argv[3]).read() + """ } catch (error) { results.push("not ok " + error); }
document.body.replaceChildren(Object.assign(document.createElement("pre"), { id: "results", textContent: results.join("\\n") }));
</script></body>"""
open(sys.argv[2], "w", encoding="utf-8").write(page.replace("</body>", script))
END
  HOME=$WORK timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$WORK/browser" \
    --window-size=1300,1000 --dump-dom "file://$WORK/checked.html" 2>"$WORK/browser.log" 3>&- | sed -n '/<pre id="results">/,/<\/pre>/p' |
    sed 's/.*<pre id="results">//; s/<\/pre>.*//'
}

@test "the page draws itself, searches, folds, lights what belongs together, and works by keys" {
  world "$PROGRAM" ns map -o "$HOME_OF/m.html"
  cat >"$WORK/checks.js" <<'END'
check("every card is there", document.querySelectorAll(".card").length === map.cards.length && map.cards.length === 8);
check("nothing is loaded from elsewhere", performance.getEntriesByType("resource").length === 0);
check("hostile names are text", document.querySelectorAll("main b, main script").length === map.cards.length && !document.querySelector("main script"));
check("no two cards overlap", map.cards.every((a, i) => map.cards.every((b, j) => {
  const p = a.element.getBoundingClientRect(), q = b.element.getBoundingClientRect();
  return i === j || p.right <= q.left || q.right <= p.left || p.bottom <= q.top || q.bottom <= p.top;
})));
check("the wires are drawn", document.querySelectorAll("#wires g path").length === 2);
check("frames are titled", [...document.querySelectorAll("summary")].every((one) => one.textContent.startsWith("user ns ")));

type("10.9.0.12");
check("search finds by address", card("two-server").classList.contains("match") && byId("found").textContent === "1 match");
check("search dims the rest", card("one-server").classList.contains("dim") && !card("two-server").classList.contains("dim"));
byId("only").checked = true;
byId("only").dispatchEvent(new Event("change"));
check("only what matches is shown", shown(card("two-server")) && !shown(card("one-server")));
byId("only").checked = false;
type("nothing like it");
check("no match is said", byId("found").textContent === "0 matches");
type("SERVER 10.9.0.11/24");
check("search takes words in any order and case", document.querySelectorAll(".match").length === 1);
type("");
check("an empty search shows everything", !document.querySelector(".dim, .match, .gone"));

byId("fold").click();
check("fold all folds the inner frames", !shown(card("nested-server")) && shown(card("one-server")));
type("nested-server");
check("search unfolds what it finds", shown(card("nested-server")));
type("");
const root = document.querySelector('[data-box="0"]');
root.open = false;
drawWires();
check("a pair inside one folded frame is not drawn", map.wires.some((one) => one.kind === "veth") &&
  !document.querySelector('[data-wire="' + map.wires.findIndex((one) => one.kind === "veth") + '"]'));
check("a folded machine has no card left", map.cards.every((one) => !shown(one.element)));
byId("unfold").click();
check("unfold all shows everything", map.cards.every((one) => shown(one.element)));

card("one-server").dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
check("hover lights the wires of a card", document.querySelectorAll("#wires .lit").length === 1);
check("hover dims the other wires", document.querySelectorAll("#wires .dim").length === 1);
check("hover marks what is on the same wire", card("three-server").classList.contains("near") && !card("nested-server").classList.contains("near"));
byId("map").dispatchEvent(new MouseEvent("mouseleave"));
check("leaving ends it", !document.querySelector(".lit, .near, #wires .dim"));

key("/");
check("the slash goes to the search", document.activeElement === byId("search"));
type("three-server");
key("Enter");
check("enter goes to the first match", document.activeElement === card("three-server"));
key("Enter");
check("enter shows details", !byId("details").hidden && byId("details").textContent.includes("2001:db8::13/64"));
key("Escape");
check("escape goes back", byId("details").hidden && document.activeElement === card("three-server"));
key("ArrowLeft");
check("arrows go from card to card", document.activeElement.classList.contains("card") && document.activeElement !== card("three-server"));
key("Escape");
check("escape ends the search", byId("search").value === "" && !document.querySelector(".match"));
END
  run -0 in_browser "$WORK/checks.js"
  lacks "$output" "not ok"
  same "$(grep -c '^ok ' <<<"$output")" 27 || { cat "$WORK/browser.log"; return 1; }
}
