"""A country of a test's own: the project's registry, some counties, and files for the cities that are to be served."""

import shutil

import yaml

from manifests.places import FOLDER, REGISTRY, Places

COUNTIES = {
    "330782": ("义乌", "义乌市", "浙江"),
    "331082": ("临海", "临海市", "浙江"),
    "331081": ("温岭", "温岭市", "浙江"),
    "429004": ("仙桃", "仙桃市", "湖北"),
    "429006": ("天门", "天门市", "湖北"),
    "532301": ("楚雄市", "楚雄市", "云南"),
    "659001": ("石河子", "石河子市", "新疆"),
}
PREFIXES = {"33": "浙J", "44": "粤S", "42": "鄂R", "53": "云E", "65": "新C"}
"""All cities of a province share one here: that is harder than in life."""
THIRTY = (
    "330200", "330300", "330500", "330600", "330700", "330800", "330900", "331000", "331100", "330782",
    "331082", "331081", "440100", "440300", "440400", "440500", "441900", "442000", "420100", "420200",
    "420300", "422800", "429004", "429006", "530100", "532300", "532301", "532500", "650100", "659001",
)  # fmt: skip
ALL = ("water", "electricity", "gas", "traffic", "hospital", "credit")


def city_file(code, offered=ALL, since="2025-01-01", **changes):
    """What the file of a city says."""
    return {
        "services": dict.fromkeys(offered, since),
        "billers": {"water": "{full_name}自来水公司"},
        "plate_prefix": PREFIXES.get(code[:2], "京A"),
        "account_numbers": {
            "water": {"digits": [8, 8]},
            "gas": {"digits": [6, 13]},
            "electricity": {"digits": [13, 13]},
        },
        **changes,
    }


def make_country(folder, files):
    """Write the registry and the files, and read them.

    Args:
        folder: an empty folder, or one that does not exist yet.
        files: by code what a city's file says; None for what `city_file` gives.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(FOLDER / REGISTRY, folder / REGISTRY)
    known = {str(row["code"]) for row in yaml.safe_load((folder / REGISTRY).read_text(encoding="utf-8"))["cities"]}
    with (folder / REGISTRY).open("a", encoding="utf-8") as registry:
        for code, (name, full_name, province) in COUNTIES.items():
            if code not in known:
                row = {"code": code, "name": name, "full_name": full_name, "province": province}
                registry.write(f"  - {yaml.safe_dump(row, allow_unicode=True, default_flow_style=True)}")
    for code, said in files.items():
        content = city_file(code) if said is None else said
        (folder / f"{code}.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return Places(folder)
