"""What users add lives under CLIPACTOR_HOME; what ships is found wherever the package lies."""

from pathlib import Path

import pytest

from clipactor_node import home
from clipactor_node.errors import ModelError


def test_the_users_folder_is_theirs_to_choose(monkeypatch, tmp_path):
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path))
    assert home.user_home() == tmp_path
    monkeypatch.setenv("CLIPACTOR_HOME", "~/avatars")
    assert home.user_home() == Path.home() / "avatars"


def test_the_default_is_the_platforms_data_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("CLIPACTOR_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert home.user_home() == tmp_path / "clipactor"


def test_shipped_models_are_found_beside_the_source():
    assert (home.shipped_models() / "registry.toml").is_file()


def test_shipped_models_are_found_in_an_install_prefix(monkeypatch, tmp_path):
    models = tmp_path / "share" / "clipactor_node" / "models"
    models.mkdir(parents=True)
    (models / "registry.toml").touch()
    monkeypatch.setattr(home, "__file__", str(tmp_path / "lib" / "clipactor_node" / "home.py"))
    monkeypatch.setenv("AMENT_PREFIX_PATH", f"/nowhere:{tmp_path}")
    assert home.shipped_models() == models


def test_a_broken_installation_says_where_it_looked(monkeypatch, tmp_path):
    monkeypatch.setattr(home, "__file__", str(tmp_path / "clipactor_node" / "home.py"))
    monkeypatch.setenv("AMENT_PREFIX_PATH", str(tmp_path / "prefix"))
    monkeypatch.setattr(home.sys, "prefix", str(tmp_path / "python"))
    with pytest.raises(ModelError, match="prefix.*Reinstall"):
        home.shipped_models()
