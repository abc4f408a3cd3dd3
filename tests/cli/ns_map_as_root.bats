#!/usr/bin/env bats
# `caisson ns map` on a machine of its own. The file ns_map_as_user.bats is a link to this one: the same tests as an ordinary user.
load ../lib/suite
load people
load map_world

setup() { world_setup; }
teardown() { people_teardown; }

map() { world env LC_ALL=C.UTF-8 "$PROGRAM" ns map "$@"; }
no_escape() { lacks "$1" $'\e'; }

@test "ns map draws the machine in boxes: the bridge, what is on it, what holds namespaces, what is nested" {
  run -0 map --width 120
  matches "$output" "Namespaces of mapworld"
  matches "$output" "br0 · bridge 10.9.0.1/24 .* 3 connections"
  matches "$output" "─ one-server ─"
  matches "$output" "eth0 10.9.0.11/24 .*→ br0"
  matches "$output" "direct23 pair with direct32"
  matches "$output" "mount /run/netns/blue"
  matches "$output" "─ nested-server ─"
  matches "$output" "═ user ns [0-9]+"
  no_escape "$output"
}

@test "ns map keeps to the width, and to ASCII where the locale has no more" {
  world sh -c 'cd "$2"; for w in 40 80 200; do LC_ALL=C.UTF-8 "$1" ns map --width $w >u$w; LC_ALL=C "$1" ns map --width $w >a$w; done
    LC_ALL=C COLUMNS=50 "$1" ns map >columns; unset COLUMNS; LC_ALL=C "$1" ns map | cat >default' - "$PROGRAM" "$HOME_OF"
  run -0 python3 - "$HOME_OF" <<'END'
import sys, unicodedata
lines = lambda name: open(sys.argv[1] + "/" + name, encoding="utf-8").read().splitlines()
columns = lambda line: sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
for width in (40, 80, 200):
    assert max(columns(line) for line in lines(f"u{width}")) == width
    assert max(len(line) for line in lines(f"a{width}")) == width
    assert all(line.isascii() for line in lines(f"a{width}"))
    assert any("one-server" in line for line in lines(f"u{width}")) and any("one-server" in line for line in lines(f"a{width}"))
assert len(lines("columns")[-1]) == 50 and len(lines("default")[-1]) == 80
END
}

@test "ns map -o writes a picture that is XML, with a tooltip for each of its parts" {
  map -o "$HOME_OF/m.svg"
  run -0 python3 - "$HOME_OF/m.svg" <<'END'
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
space = "{http://www.w3.org/2000/svg}"
cards = [g for g in root.iter(space + "g") if g.get("class") == "card"]
assert all(g.find(space + "title") is not None for g in root.iter(space + "g") if g.get("class") in ("card", "frame", "wire"))
words = ["".join(g.itertext()) for g in cards]
for wanted in ("one-server", "two-server", "three-server", "nested-server", "/run/netns/blue", "2001:db8::11/64"):
    assert any(wanted in card for card in words), wanted
assert not list(root.iter(space + "script")) and not list(root.iter(space + "b"))
print(len(cards), len([g for g in root.iter(space + "g") if g.get("class") == "wire"]))
END
  same "$output" "8 2"
  same "$(stat -c %a "$HOME_OF/m.svg")" 644
  same "$(ls -A "$HOME_OF")" m.svg
}

@test "ns map -o writes a page with everything in it, also as data" {
  map -o "$HOME_OF/m.html"
  run -0 python3 - "$HOME_OF/m.html" <<'END'
import json, re, sys
page = open(sys.argv[1], encoding="utf-8").read()
data = json.loads(re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.S).group(1))
assert page.count("</script>") == 2 and "src=" not in page and "url(" not in page
cards = {card["name"]: card for card in data["cards"]}
eth0 = [one for one in cards["one-server"]["devices"] if one["name"] == "eth0"][0]
assert "10.9.0.11/24" in eth0["addresses"] and "2001:db8::11/64" in eth0["addresses"], eth0
assert data["wires"][eth0["wire"]]["name"] == "br0"
assert eth0["beyond"] == "pair with v1 of host, port of br0", eth0
net = [kind["name"] for kind in data["kinds"]].index("net")
assert [i for i, own in enumerate(cards["one-server"]["own"]) if own] == [net]
assert any("evil" in name for name in cards)
assert len(data["boxes"]) == 2 and data["boxes"][1]["kind"] == "user"
END
}

@test "ns map writes graphviz's language, which graphviz reads" {
  run -0 map -o - --format dot
  matches "$output" "^graph namespaces \\{"
  matches "$output" 'subgraph cluster1 '
  no_escape "$output"
  command -v dot >/dev/null || skip "no graphviz to read it"
  dot -Tsvg <<<"$output" >"$WORK/dot.svg"
  matches "$(cat "$WORK/dot.svg")" 'three&#45;server'
}

@test "ns map -o - writes SVG to standard output, and in any format asked for" {
  run -0 world sh -c '"$0" ns map -o - | head -n 1; "$0" ns map -o - --format html | head -n 1; "$0" ns map -o - --format text --width 60' "$PROGRAM"
  matches "${lines[0]}" '^<\?xml'
  same "${lines[1]}" '<!DOCTYPE html>'
  matches "$output" "- one-server -"
}

@test "ns map looks only at the kinds asked for, and at no network with --no-net" {
  run -0 map --kind user --width 100
  matches "$output" "─ unshare ─+ 2 procs"
  lacks "$output" "─ one-server ─"
  lacks "$output" br0
  run -0 map --no-net --width 100
  matches "$output" "─ one-server ─"
  lacks "$output" br0
}

@test "ns map never leaves half a file, nor the old one changed" {
  later chmod 0755 "$HOME_OF"
  echo old >"$HOME_OF/full.svg"
  run -125 map -o "$HOME_OF/none/m.svg"
  matches "$output" "write $HOME_OF/none/m.svg: No such file or directory"
  matches "$output" "hint: make the directory first"
  # A file system without room for a picture.
  run -125 world sh -c 'mkdir /run/full && mount -t tmpfs -o size=4k tmpfs /run/full && echo old >/run/full/m.svg &&
    { "$0" ns map -o /run/full/m.svg; status=$?; cat /run/full/m.svg; ls -A /run/full; exit $status; }' "$PROGRAM"
  matches "$output" "write /run/full/m.svg: No space left on device"
  same "${lines[-2]} ${lines[-1]}" "old m.svg"
}

@test "ns map writes through what is no regular file" {
  run -0 world sh -c '"$0" ns map -o /dev/stdout --format dot | cat' "$PROGRAM"
  matches "$output" "^graph namespaces \\{"
  [ -L /dev/stdout ]
}

@test "ns map refuses what it does not know, with advice" {
  run -125 person "$PROGRAM" ns map -o picture.png
  matches "$output" "picture.png does not end in .svg, .html or .dot"
  matches "$output" "hint: say what to draw with --format"
  run -125 person "$PROGRAM" ns map --format png
  matches "$output" "none of svg, html, dot, text"
  run -125 person "$PROGRAM" ns map --width 10
  matches "$output" "the least is 24"
  run -125 person "$PROGRAM" ns map --kind nothing
}

@test "ns map draws the machine of the caller too" {
  run -0 person "$PROGRAM" ns map
  matches "$output" "Namespaces of $(hostname)"
}
