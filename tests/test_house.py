"""Rules of the house that a reader would otherwise have to check by eye."""

import ast
import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


@tagged("post_install", "-at_install")
class TestHouse(BaseCase):
    def test_core_imports_no_odoo(self):
        modules = list((ROOT / "core").rglob("*.py"))
        self.assertTrue(modules)
        for path in modules:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    names = [node.module or ""]
                for name in names:
                    self.assertNotEqual(name.split(".")[0], "odoo", f"{path.name} imports Odoo")

    def test_core_reads_no_clock(self):
        for path in (ROOT / "core").rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            self.assertIsNone(
                re.search(r"\b(date\.today|datetime\.now|datetime\.utcnow|time\.time)\(", text),
                f"{path.name} asks the clock; today is a parameter",
            )

    def test_every_test_file_is_run_by_odoo_too(self):
        tree = ast.parse((HERE / "__init__.py").read_text(encoding="utf-8"))
        imported = {alias.name for node in tree.body for alias in node.names}
        files = {path.stem for path in HERE.glob("test_*.py")}
        self.assertEqual(files - imported, set(), "tests/__init__.py forgets these files")

    def test_every_odoo_test_runs_after_installation(self):
        for path in HERE.glob("test_*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in tree.body:
                if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
                    self.assertIn(
                        "post_install", ast.unparse(node.decorator_list), f"{path.name}: {node.name}"
                    )

    def test_the_manifest_names_every_data_file(self):
        manifest = ast.literal_eval((ROOT / "__manifest__.py").read_text(encoding="utf-8"))
        named = set(manifest["data"]) | set(manifest.get("demo", ()))
        there = {
            path.relative_to(ROOT).as_posix()
            for folder in ("data", "security", "views", "wizard", "reports")
            for path in (ROOT / folder).rglob("*")
            if path.suffix in (".xml", ".csv")
        }
        self.assertEqual(there - named, set(), "data files that the manifest forgets")
