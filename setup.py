"""What pyproject.toml cannot say: a wheel takes the dbt project along, which lies at the top of the repository."""

from pathlib import Path
from shutil import copy, copytree, rmtree

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithProject(build_py):
    """Copies the dbt project to ``ingest/_project``, where ``ingest.config`` looks for it before it looks in a clone."""

    def run(self) -> None:
        """Copy; an editable install reads the clone."""
        super().run()
        if self.editable_mode:
            return
        packaged = Path(self.build_lib, "ingest", "_project")
        rmtree(packaged, ignore_errors=True)
        copytree("dbt_project", packaged / "dbt_project")
        for name in ("dbt_project.yml", "profiles.yml"):
            copy(name, packaged)


setup(cmdclass={"build_py": BuildWithProject})
