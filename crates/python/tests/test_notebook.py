"""The notebook runs from top to bottom, as someone would run it who sees it for the first time."""

import base64
import io
import os
import re

import nbformat
import numpy as np
from conftest import ROOT
from nbclient import NotebookClient
from PIL import Image

NOTEBOOK = ROOT / "pipelines" / "notebooks" / "first-look.ipynb"


def test_the_first_look_shows_its_figures_and_numbers(program, tmp_path, monkeypatch):
    monkeypatch.setenv("NUTAG_PROGRAM", program)
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    notebook = nbformat.read(NOTEBOOK, 4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "commit it without outputs"
    NotebookClient(
        notebook, timeout=250, kernel_name="python3", resources={"metadata": {"path": str(NOTEBOOK.parent)}}
    ).execute()

    text, pictures = "", []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            text += output.get("text", "") + output.get("data", {}).get("text/plain", "")
            picture = output.get("data", {}).get("image/png")
            if picture:
                pictures.append(base64.b64decode(picture))
    keep = os.environ.get("NUTAG_PICTURES")
    for number, picture in enumerate(pictures):
        if keep:
            with open(f"{keep}/first-look-{number}.png", "wb") as file:
                file.write(picture)
        pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))
        assert min(pixels.shape[:2]) > 300
        assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 100, f"picture {number} shows nothing"
    assert len(pictures) == 3
    assert "Npp_500m" in text and "SYNTHETIC" in text.upper()
    assert re.search(r"barren +\d+ cells", text)
    assert re.search(r"\d+ cells tested, \d+ significant", text)
    assert re.search(r"\d{4,} cells of the tile are on the map, every one the same to the bit", text)
    assert "Discontinuous & Continuous" in text and "-13.0" in text
