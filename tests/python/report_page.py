"""Looks at a report as its readers do: in a browser, on a phone, on paper, and
with a screen reader (what of that can be checked by a program).

usage: report_page.py REPORT.html
Needs chromium and poppler-utils (pdfinfo, pdftotext). Prints what it measured;
stops at the first list of what is wrong.
"""

import html.parser
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

VOID = {"meta", "img", "link", "br", "hr", "input"}
MEASURE = """<script>
addEventListener('load', () => {
  const page = document.documentElement;
  const box = e => { const b = e.getBoundingClientRect(); return [b.width, b.height]; };
  const wide = [...document.querySelectorAll('body *')].filter(e =>
    e.getBoundingClientRect().right > page.clientWidth + 1 && !e.closest('.table') && !e.closest('svg')
    && !e.classList.contains('skip'));
  const found = {
    width: page.clientWidth, scroll: page.scrollWidth,
    wide: wide.map(e => e.tagName + '.' + e.className).slice(0, 5),
    svgs: [...document.querySelectorAll('figure svg')].map(box),
    images: [...document.querySelectorAll('figure img')].map(e => [...box(e), e.naturalWidth, e.complete]),
    tables: [...document.querySelectorAll('.table')].map(e =>
      [e.querySelector('table').id, e.clientWidth, e.scrollWidth]),
  };
  parent.postMessage(JSON.stringify(found), '*');
});
</script>"""
FRAME = """<!DOCTYPE html><title>frame</title><iframe src="page.html" style="border:0;width:%dpx;height:900px"></iframe>
<pre id="found"></pre><script>
addEventListener('message', e => { document.getElementById('found').textContent = 'FOUND' + e.data + 'END'; });
</script>"""


class Page(html.parser.HTMLParser):
    """Elements with their attributes, and tags that do not match."""

    def __init__(self):
        super().__init__()
        self.elements, self.open, self.wrong, self.text = [], [], [], {}

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes), [t for t, _ in self.open]))
        if tag not in VOID:
            self.open.append((tag, len(self.elements) - 1))

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes), [t for t, _ in self.open]))

    def handle_endtag(self, tag):
        if not self.open or self.open[-1][0] != tag:
            self.wrong.append(f"</{tag}> closes {self.open[-1:]}, line {self.getpos()[0]}")
            return
        self.open.pop()

    def handle_data(self, data):
        for _, index in self.open:
            self.text[index] = self.text.get(index, "") + data


def check_text(source):
    """What a screen reader and a validator would say."""
    page = Page()
    page.feed(source)
    wrong = list(page.wrong) + [f"<{tag}> is never closed" for tag, _ in page.open]
    of = lambda tag: [(i, a, up) for i, (t, a, up) in enumerate(page.elements) if t == tag]
    ids = [a["id"] for _, a, _ in page.elements if "id" in a]
    wrong += [f"id {i} twice" for i in sorted(set(ids)) if ids.count(i) > 1]
    if not (of("html") and of("html")[0][1].get("lang")):
        wrong.append("no language")
    for tag in ("header", "nav", "main", "footer", "h1", "title"):
        if len(of(tag)) != 1 and not (tag == "title" and of(tag)):
            wrong.append(f"{len(of(tag))} <{tag}>")
    level = 0
    for tag, _, _ in page.elements:
        if re.fullmatch("h[1-6]", tag):
            if int(tag[1]) > level + 1:
                wrong.append(f"h{level} is followed by {tag}")
            level = int(tag[1])
    for _, a, _ in of("img"):
        if len(a.get("alt", "")) < 20 or not a.get("width") or not a["src"].startswith("data:image/png;base64,"):
            wrong.append(f"image without words or size, or from elsewhere: {a.get('alt')!r}")
    outer = [(i, a) for i, a, up in of("svg") if "svg" not in up]
    for i, a in outer:
        inside = [t for t, _, up in page.elements[i + 1 : i + 4]]
        if a.get("role") != "img" or "title" not in inside or "desc" not in inside:
            wrong.append(f"a chart without role, title or description: {a}")
    for i, a, up in of("table"):
        following = [t for t, _, _ in page.elements[i + 1 : i + 2]]
        if following != ["caption"] or not page.text.get(i + 1, "").strip():
            wrong.append(f"table {a.get('id')} without a caption")
    for i, a, up in of("th"):
        if a.get("scope") not in ("row", "col", "colgroup", "rowgroup"):
            wrong.append(f"a heading without scope: {page.text.get(i)!r}")
    for _, a, _ in page.elements:
        for key in ("aria-labelledby", "aria-describedby"):
            wrong += [f"{key} points at no {i}" for i in a.get(key, "").split() if i not in ids]
        link = a.get("href", "")
        if link.startswith("#") and link[1:] not in ids:
            wrong.append(f"a link to nowhere: {link}")
        if link and not link.startswith(("#", "https://doi.org/", "mailto:")):
            wrong.append(f"a link to elsewhere: {link}")
    for i, a, _ in of("section"):
        if not a.get("aria-labelledby"):
            wrong.append("a section without a name")
    return wrong, len(outer), len(of("img")), len(of("table"))


def check_contrast(source):
    """Text against paper, in light and in dark: 4.5 or more (WCAG 2.2, 1.4.3)."""
    wrong, ratios = [], []
    for scheme in re.findall(r":root \{([^}]*)\}", source):
        colours = dict(re.findall(r"--(\w+): #([0-9a-f]{3,6})", scheme))
        if "paper" not in colours:
            wrong.append(f"a scheme without paper: {scheme}")
            continue

        def light(colour):
            colour = "".join(c * 2 for c in colour) if len(colour) == 3 else colour
            parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
            parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
            return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

        for name in ("ink", "quiet", "mark"):
            pair = sorted((light(colours[name]), light(colours["paper"])))
            ratio = (pair[1] + 0.05) / (pair[0] + 0.05)
            ratios.append(ratio)
            if ratio < 4.5:
                wrong.append(f"{name} on paper: contrast {ratio:.2f}")
    if len(ratios) < 9:
        wrong.append("expected three schemes: light, dark, print")
    return wrong, min(ratios, default=0)


def chromium(*arguments):
    """Runs the browser without a window, in a profile of its own."""
    with tempfile.TemporaryDirectory() as profile:
        run = subprocess.run(
            [
                shutil.which("chromium") or "chromium", "--headless", "--no-sandbox", "--disable-gpu",
                "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
                "--enable-logging=stderr", f"--user-data-dir={profile}", *arguments,
            ],
            capture_output=True, text=True, timeout=120,
        )
    console = [line for line in run.stderr.splitlines() if "CONSOLE" in line]
    return run.stdout, console


def check_screen(source, folder, width, charts, images):
    wrong = []
    (folder / "page.html").write_text(source.replace("</body>", MEASURE + "</body>"))
    (folder / "frame.html").write_text(FRAME % width)
    dom, console = chromium(
        "--dump-dom", "--virtual-time-budget=8000", f"--window-size={max(width, 600) + 40},1000",
        f"file://{folder}/frame.html",
    )
    wrong += [f"console: {line}" for line in console]
    found = re.search("FOUND(.*)END", dom)
    if not found:
        return wrong + [f"{width} px: the page says nothing: {dom[:300]}"], {}
    found = json.loads(found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    if found["width"] > width or found["width"] < width - 20:
        wrong.append(f"{width} px: shown at {found['width']}")
    if found["scroll"] > found["width"] or found["wide"]:
        wrong.append(f"{width} px: wider than the page: {found['scroll']}, {found['wide']}")
    least = min(300, width - 60)
    if len(found["svgs"]) != charts or any(w < least or h < 80 for w, h in found["svgs"]):
        wrong.append(f"{width} px: charts {found['svgs']}")
    if len(found["images"]) != images or any(
        w < least or h < 80 or natural < 1000 or not whole for w, h, natural, whole in found["images"]
    ):
        wrong.append(f"{width} px: images {found['images']}")
    if width >= 1200:
        wrong += [f"{width} px: table {t} is wider than the page: {s} > {c}" for t, c, s in found["tables"] if s > c + 1]
    return wrong, found


def check_paper(report, folder, source):
    pdf = folder / "report.pdf"
    _, console = chromium("--no-pdf-header-footer", f"--print-to-pdf={pdf}", f"file://{report}")
    wrong = [f"console: {line}" for line in console]
    info = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    pages = int(re.search(r"Pages:\s+(\d+)", info)[1])
    size = re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", info)
    if abs(float(size[1]) - 595) > 2 or abs(float(size[2]) - 842) > 2:
        wrong.append(f"not A4: {size[0]}")
    if not 4 <= pages <= 25:
        wrong.append(f"{pages} pages")
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    squeeze = lambda text: re.sub(r"\s+", "", text)
    plain = lambda text: html.unescape(re.sub("<[^>]*>", "", text))
    for heading in re.findall(r"<h2[^>]*>(.*?)</h2>", source):
        if squeeze(plain(heading)) not in squeeze(text):
            wrong.append(f"not printed: {heading}")
    # The right ends of wide tables are what a printer cuts: the last heading of each must be there.
    for last in re.findall(r"<th[^>]*>((?:(?!</th>).)*)</th></tr>\s*</thead>", source):
        for word in re.findall(r"[A-Za-z]{4,}", plain(last.split("<")[0])):
            if word not in text:
                wrong.append(f"cut off: {plain(last)}")
    empty = [i + 1 for i, page in enumerate(text.split("\f")[:-1]) if len(page.split()) < 3]
    if empty:
        wrong.append(f"pages with hardly a word: {empty}")
    return wrong, pages


def main():
    report = Path(sys.argv[1]).resolve()
    source = report.read_text()
    wrong, charts, images, tables = check_text(source)
    more, contrast = check_contrast(source)
    wrong += more
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for width in (1200, 390):
            more, _ = check_screen(source, folder, width, charts, images)
            wrong += more
        more, pages = check_paper(report, folder, source)
        wrong += more
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{charts} charts, {images} images, {tables} tables, {pages} pages, contrast {contrast:.1f}")


main()
