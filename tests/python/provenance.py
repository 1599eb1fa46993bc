"""Checks the provenance files of a run folder with the programs of those who defined them.

    python provenance.py RUN_FOLDER

RO-Crate and its profile Workflow Run Crate: rocrate-validator; its content: ro-crate-py. PROV: the
package prov. CITATION.cff: cffconvert. STAC items: the schemas that pystac brings, its extensions, and
rasterio for what they say of the raster. Needs no network. Prints what was checked; fails with
the first thing that is wrong.
"""

import glob
import hashlib
import json
import os
import subprocess
import sys

import jsonschema
import pystac
import rasterio
import rasterio.warp
import requests
import rocrate
from prov.model import ProvDocument
from pystac.extensions.file import FileExtension
from pystac.extensions.projection import ProjectionExtension
from rocrate.rocrate import ROCrate
from rocrate_validator import services
from rocrate_validator.models import Severity, ValidationSettings
from rocrate_validator.utils.http import HttpRequester

OUT = sys.argv[1]
MANIFEST = json.load(open(os.path.join(OUT, "manifest.json"), encoding="utf-8"))


def sha256(path):
    return hashlib.sha256(open(os.path.join(OUT, path), "rb").read()).hexdigest()


def check_crate():
    # The context is taken from a package instead of the web. The package has that of version 1.3,
    # which knows the terms of 1.1 by the same address but for Bioschemas'. Nothing else may be fetched.
    bundled = os.path.join(os.path.dirname(rocrate.__file__), "data", "ro-crate.jsonld")
    context = open(bundled, encoding="utf-8").read().replace("bioschemas.org/terms/", "bioschemas.org/")

    def get(_, address, **_more):
        assert address == "https://w3id.org/ro/crate/1.1/context", address
        answer = requests.Response()
        answer.status_code, answer.url = 200, address
        answer.headers["Content-Type"] = "application/ld+json"
        answer._content = context.encode()
        return answer
    HttpRequester.get = get
    for profile in ("ro-crate-1.1", "process-run-crate-0.5", "workflow-ro-crate-1.0", "workflow-run-crate-0.5"):
        result = services.validate(ValidationSettings(
            rocrate_uri=OUT, profile_identifier=profile, requirement_severity=Severity.REQUIRED,
            skip_availability_check=True))
        problems = [f"{i.check.identifier}: {i.message} {i.violatingEntity}" for i in result.get_issues()]
        assert not problems, (profile, problems)
    crate = ROCrate(OUT)
    files = {e.id: e for e in crate.data_entities if "File" in e.type}
    for written in MANIFEST["outputs"]:
        if written["path"] == "ro-crate-metadata.json":
            continue
        assert files[written["path"]]["sha256"] == sha256(written["path"]), written
    run = crate.dereference("#run")
    assert run["instrument"].id == "pipeline.resolved.toml"
    assert len(run["object"]) == len({i["sha256"] for i in MANIFEST["inputs"]})
    on_disk = {os.path.relpath(os.path.join(d, f), OUT) for d, _, fs in os.walk(OUT) for f in fs}
    assert on_disk == {i for i in files if "://" not in i and not i.startswith("ni:")} | {"ro-crate-metadata.json"}
    return f"{len(files)} files in the crate"


def check_prov():
    document = ProvDocument.deserialize(os.path.join(OUT, "provenance", "prov.json"))
    names = {str(r.identifier) for r in document.get_records() if r.identifier is not None}
    for written in MANIFEST["inputs"] + [o for o in MANIFEST["outputs"] if o["path"].startswith("tables/")]:
        assert "sha256:" + written["sha256"] in names, written
    again = ProvDocument.deserialize(content=document.serialize(format="json"), format="json")
    assert again == document
    return f"{len(names)} things in PROV"


def check_citation():
    cff = os.path.join(os.path.dirname(sys.executable), "cffconvert")
    for folder in (OUT, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))):
        done = subprocess.run([cff, "--validate"], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    return "2 CITATION.cff"


def check_stac():
    root = os.path.join(os.path.dirname(pystac.__file__), "validation", "jsonschemas")
    schemas = {}
    for path in glob.glob(os.path.join(root, "**", "*.json"), recursive=True):
        schema = json.load(open(path, encoding="utf-8"))
        schemas[schema["$id"].rstrip("#")] = schema
        # common.json does not name itself as others name it.
        schemas[os.path.join(os.path.dirname(schema["$id"]), os.path.basename(path))] = schema
        if path.endswith("v1.1.0/item.json"):
            item_schema = schema
    resolver = jsonschema.RefResolver.from_schema(item_schema, store=schemas)
    rasters = sorted(glob.glob(os.path.join(OUT, "maps", "*.tif")))
    items = sorted(glob.glob(os.path.join(OUT, "stac", "*.json")))
    assert [os.path.basename(p)[:-4] for p in rasters] == [os.path.basename(p)[:-5] for p in items]
    for path in items:
        value = json.load(open(path, encoding="utf-8"))
        jsonschema.Draft7Validator(item_schema, resolver=resolver).validate(value)
        item = pystac.Item.from_file(path)
        projection = ProjectionExtension.ext(item)
        asset = item.assets["data"]
        with rasterio.open(asset.get_absolute_href()) as raster:
            assert projection.shape == [raster.height, raster.width]
            assert projection.transform == list(raster.transform)
            found = rasterio.crs.CRS.from_user_input(json.dumps(projection.projjson))
            assert found == raster.crs, (found.to_wkt(), raster.crs.to_wkt())
            bounds = rasterio.warp.transform_bounds(raster.crs, "EPSG:4326", *raster.bounds, densify_pts=101)
            assert all(abs(a - b) < 0.05 for a, b in zip(bounds, item.bbox)), (bounds, item.bbox)
            assert [b["data_type"] for b in value["assets"]["data"]["bands"]] == list(raster.dtypes)
        file = FileExtension.ext(asset)
        assert file.checksum == "1220" + sha256(os.path.relpath(asset.get_absolute_href(), OUT))
    return f"{len(items)} STAC items"


print("; ".join([check_crate(), check_prov(), check_citation(), check_stac()]))
