"""Gold and predictions made by hand. All texts are invented."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

BRIDGE = (
    "Mayor Anna Smith said the bridge would open in May. “It is safe,” she added. “We tested it twice.”\n\n"
    "Critics doubted that. According to the Harbour Gazette, the city denied delays, and the paper warned of\n"
    "new costs for the port. Tom Weller declined to comment on the budget.\n"
)
MARKET = (
    'The fish market will close, Lena Ortiz told reporters. "Nobody asked us," said one trader.\n\n'
    "The council is believed to favour a new hall. Experts say the plan could work.\n"
)


def offsets(text: str, *parts: str) -> list[list[int]]:
    """Where each part first stands, the next one looked for after it."""
    found, start = [], 0
    for part in parts:
        start = text.index(part, start)
        found.append([start, start + len(part)])
        start += len(part)
    return found


def ann(text: str, *attributions: dict[str, tuple[str, ...]], tail: str = "") -> str:
    """A brat file: each attribution gives its roles' pieces."""
    lines: list[str] = []
    number = 0
    for event, roles in enumerate(attributions, 1):
        arguments = []
        for role, parts in roles.items():
            number += 1
            pairs = ";".join(f"{start} {end}" for start, end in offsets(text, *parts))
            lines.append(f"T{number}\t{role} {pairs}\t{' '.join(parts)}")
            arguments.append(f"{role}:T{number}")
        lines.append(f"E{event}\t{' '.join(arguments)}")
    return "\n".join(lines) + "\n" + tail


BRIDGE_ANN = ann(
    BRIDGE,
    {"Source": ("Mayor Anna Smith",), "Cue": ("said",), "Content": ("the bridge would open in May",)},
    {"Source": ("she",), "Cue": ("added",), "Content": ("“It is safe,”", "“We tested it twice.”")},
    {"Source": ("Critics",), "Cue": ("doubted",), "Content": ("that",)},
    {"Source": ("the Harbour Gazette",), "Cue": ("According to",), "Content": ("the city denied delays",)},
    {"Source": ("the paper",), "Cue": ("warned",), "Content": ("of\nnew costs for the port",)},
    tail="Content 12 13 torn line\nT99\tDiscard 0 5\tMayor\nE9\tAttribution:T99 Source:T99\n",
)
MARKET_ANN = ann(
    MARKET,
    {"Source": ("Lena Ortiz",), "Cue": ("told",), "Content": ("The fish market will close",)},
    {"Cue": ("said",), "Source": ("one trader",), "Content": ('"Nobody asked us,"',)},
    {"Cue": ("is believed",), "Content": ("to favour a new hall",)},
)


def polnear(folder: Path) -> Path:
    """A compartment of two articles; the second has another annotator, who comes later and does not count."""
    files = {
        "text/gazette_bridge.txt": BRIDGE,
        "text/gazette_market.txt": MARKET,
        "attributions/gazette_bridge_aa11.ann": BRIDGE_ANN,
        "attributions/gazette_market_aa11.ann": MARKET_ANN,
        "attributions/gazette_market_bb22.ann": ann(MARKET, {"Cue": ("close",), "Content": ("The fish",)}),
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    return folder


def attribution(
    text: str,
    content: Iterable[str],
    cue: Iterable[str] = (),
    source: Iterable[str] = (),
    *,
    kind: str = "indirect",
    polarity: str = "asserted",
    speaker: tuple[str, str] | None = None,
    channels: Iterable[str] = (),
    confidence: float = 0.5,
) -> dict[str, Any]:
    """One attribution as `quotetrack extract` writes it."""
    chain = [{"role": "channel", "name": name, "class": "media", "span": None} for name in channels]
    if speaker:
        chain.append({"role": "speaker", "name": speaker[0], "class": speaker[1], "span": None})
    return {
        "content": offsets(text, *content),
        "cue": offsets(text, *cue),
        "source": offsets(text, *source),
        "kind": kind,
        "polarity": polarity,
        "speaker": {"name": speaker[0], "class": speaker[1]} if speaker else None,
        "chain": chain,
        "parent": None,
        "confidence": confidence,
    }


FOUND = {
    "gazette_bridge": [
        attribution(BRIDGE, ["the bridge would open in May"], ["said"], ["Mayor Anna Smith"], confidence=0.9),
        attribution(BRIDGE, ["“It is safe,”"], ["added"], ["she"], kind="direct", confidence=0.8),
        attribution(BRIDGE, ["We tested it twice."], kind="direct", confidence=0.4),
        attribution(
            BRIDGE, ["the city denied delays, and the paper warned"], ["According to"], ["the Harbour Gazette"]
        ),
        attribution(BRIDGE, ["new costs for the port"], ["warned of"], ["the city"], confidence=0.6),
        attribution(BRIDGE, ["to comment on the budget"], ["declined"], ["Tom Weller"], confidence=0.3),
    ],
    "gazette_market": [
        attribution(MARKET, ["The fish market will close"], ["told"], ["Lena Ortiz told"], confidence=0.95),
        attribution(MARKET, ['"Nobody asked us,"'], ["said"], ["one trader"], kind="direct", confidence=0.99),
        attribution(MARKET, ["to favour a new hall"], ["believed"], confidence=0.2),
    ],
}


def predictions(path: Path, found: dict[str, list[dict[str, Any]]] = FOUND) -> Path:
    """A file as `quotetrack extract` prints it."""
    lines = (json.dumps({"format": 1, "id": name, "attributions": each}) for name, each in found.items())
    path.write_text("".join(line + "\n" for line in lines), "utf-8")
    return path


def pieces(text: str, *parts: str) -> list[dict[str, Any]]:
    """Spans as gold lines write them."""
    return [{"start": start, "end": end, "text": text[start:end]} for start, end in offsets(text, *parts)]


def gold_line(id: str, text: str, content: Iterable[str], **fields: Any) -> dict[str, Any]:
    """One line of gold about `bridge.txt`; `cue` and `source` are given as parts of the text."""
    spans = {role: pieces(text, *fields.pop(role, ())) for role in ("cue", "source")}
    line = {"id": id, "file": "bridge.txt", "record": "attribution", "content": pieces(text, *content), **spans}
    return {**line, "kind": "indirect", "polarity": "asserted", "channels": [], "parent": None, **fields}


SAFE, TWICE = "“It is safe,”", "“We tested it twice.”"
GOLD = [
    gold_line(
        "A1", BRIDGE, ["the bridge would open in May"], cue=["said"], source=["Mayor Anna Smith"],
        speaker="Anna Smith", speaker_aliases=["Smith"], speaker_class="official",
    ),
    gold_line(
        "A2", BRIDGE, [SAFE], cue=["added"], source=["she"], kind="direct", speaker="Anna Smith",
        speaker_class="official", alt={"content": [pieces(BRIDGE, SAFE, TWICE)]},
    ),
    gold_line("A3", BRIDGE, ["that"], cue=["doubted"], source=["Critics"], speaker="critics", borderline=True),
    gold_line(
        "A4", BRIDGE, ["the city denied delays, and the paper warned of\nnew costs for the port"], cue=["According to"],
        source=["the Harbour Gazette"], speaker="Harbour Gazette", speaker_class="media",
    ),
    gold_line(
        "A5", BRIDGE, ["delays"], cue=["denied"], source=["the city"], kind="reported", polarity="negated",
        speaker="the city", speaker_class="institution", channels=["Harbour Gazette"], parent="A4",
    ),
    gold_line(
        "A6", BRIDGE, ["of\nnew costs for the port"], cue=["warned"], source=["the paper"], kind="reported",
        speaker="KCNA", speaker_class="media", channels=["Harbour Gazette"], parent="A4",
    ),
    {"id": "D1", "file": "bridge.txt", "record": "distractor", "content": pieces(BRIDGE, "to comment on the budget")},
    {"id": "D2", "file": "bridge.txt", "record": "distractor", "content": pieces(BRIDGE, "Mayor")},
]  # fmt: skip

GAZETTE = ("Harbour Gazette", "media")
BRIDGE_FOUND = {
    "bridge": [
        attribution(
            BRIDGE, ["the bridge would open in May"], ["said"], ["Mayor Anna Smith"], speaker=("Smith", "person"),
            confidence=0.9,
        ),
        attribution(
            BRIDGE, [SAFE, TWICE], ["added"], ["she"], kind="direct", speaker=("Tom Weller", "person"), confidence=0.8
        ),
        attribution(BRIDGE, ["that"], ["doubted"], ["Critics"], speaker=("nobody", "unnamed"), confidence=0.7),
        attribution(
            BRIDGE, ["the city denied delays, and the paper warned of\nnew costs for the port"], ["According to"],
            ["the Harbour Gazette"], speaker=GAZETTE, channels=["Reuters"], confidence=0.6,
        ),
        attribution(
            BRIDGE, ["of\nnew costs for the port"], ["warned"], ["the paper"], kind="reported",
            channels=["The Harbour Gazette"], speaker=("Korean Central News Agency", "media"), confidence=0.5,
        ),
        attribution(
            BRIDGE, ["to comment on the budget"], ["declined"], ["Tom Weller"], speaker=("Tom Weller", "person"),
            confidence=0.4,
        ),
    ]
}  # fmt: skip


def gold_file(folder: Path, lines: Iterable[dict[str, Any]] = GOLD, text: str = BRIDGE) -> Path:
    """The gold with its text beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bridge.txt").write_bytes(text.encode())
    path = folder / "gold.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path
