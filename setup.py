"""What flask_chat is called, what it needs, and which files travel in its wheel.

The version is read as text from `flask_chat/__init__.py`: importing the package here would need
its dependencies, which are not installed yet when this file runs.
"""

import re
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent
INIT = (ROOT / "flask_chat" / "__init__.py").read_text(encoding="utf-8")
VERSION = re.search(r'^__version__ = "([^"]+)"$', INIT, re.MULTILINE)
if VERSION is None:
    raise SystemExit('flask_chat/__init__.py has no line of the form __version__ = "1.2.3"')

# Lower bounds only: a cap would decide for the host which security releases it may install.
# tests/constraints-lowest.txt repeats the bounds exactly, and a test keeps the two alike.
REQUIRED = [
    "alembic>=1.13",
    "flask>=3.0",
    "flask-sock>=0.7",
    "flask-sqlalchemy>=3.1",
    "limits>=3.10",
    "marshmallow>=4.0",
    "sqlalchemy>=2.0.30",
]

EXTRAS = {
    "gevent": ["gevent>=24.2.1"],
    "login": ["flask-login>=0.6.3"],
    "redis": ["redis>=5.0"],
    "postgres": ["psycopg[binary]>=3.1.18"],
    "metrics": ["prometheus-client>=0.20"],
    "openapi": ["apispec>=6.8.4"],
    "i18n": ["babel>=2.12"],
    "test": ["pytest>=8.0", "websocket-client>=1.7"],
}
# Everything a school runs in production; what only tests and translators need stays outside.
EXTRAS["all"] = sorted(
    {need for name, needs in EXTRAS.items() if name not in ("test", "i18n") for need in needs}
)
# Everything this repository's own checks need; one environment serves them all.
EXTRAS["dev"] = sorted(
    {
        *EXTRAS["all"],
        *EXTRAS["i18n"],
        *EXTRAS["test"],
        "build>=1.2",
        "coverage[toml]>=7.4",
        "flask-alembic>=3.0",
        "flask-migrate>=4.0",
        "flask-session[cachelib]>=0.6",
        "flask-socketio>=5.3",
        "flask-talisman>=1.1",
        "flask-wtf>=1.2",
        "gunicorn>=22.0",
        "hypothesis>=6.100",
        "import-linter>=2.1",
        "mypy>=1.13",
        "pillow>=10.3",  # pictures of the docs and of the states
        "myst-parser>=4.0",
        "pallets-sphinx-themes>=2.3",
        "pillow>=10",
        "playwright>=1.44",
        "pytest-flask>=1.3",
        "pytest-rerunfailures>=14.0",
        "pytest-timeout>=2.3",
        "pytest-xdist>=3.5",
        "ruff>=0.9",
        "setuptools>=69",
        "sphinx>=8.0",
        "websockets>=13.0",  # the second opinion on every frame
        "wheel>=0.43",
    }
)

setup(
    name="flask-chat",
    version=VERSION[1],
    description="A dependable real-time chat inside the Flask app you already run.",
    long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    author="The flask_chat authors",
    license="BSD-3-Clause",
    classifiers=[
        "Development Status :: 4 - Beta",
        "Environment :: Web Environment",
        "Framework :: Flask",
        "Intended Audience :: Developers",
        "Intended Audience :: Education",
        "Operating System :: POSIX",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Topic :: Communications :: Chat",
        "Typing :: Typed",
    ],
    python_requires=">=3.11",
    install_requires=REQUIRED,
    extras_require=EXTRAS,
    # `templates/` stands at the top of the repository and becomes `flask_chat/templates/` in the
    # wheel. In a checkout and in an editable install it stays where it is; the code looks in both.
    packages=[*find_packages(include=["flask_chat", "flask_chat.*"]), "flask_chat.templates"],
    package_dir={"flask_chat.templates": "templates"},
    package_data={
        "flask_chat": [
            "py.typed",
            "static/**/*",
            "migrations/**/*.py",
            "migrations/**/*.mako",
            "translations/**/*",
        ],
        "flask_chat.templates": ["**/*.html", "**/*.txt"],
    },
    include_package_data=False,
    zip_safe=False,
)
