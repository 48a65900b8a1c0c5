#!/bin/sh
# Makes .venv with what a lock pins, once for each state of the lock. Run by the Makefile.
#   bot/setup.sh        what runs the assistant: requirements.lock
#   bot/setup.sh dev    that and what tests it: requirements-dev.lock
#   PYTHON=/path/to/python3.10 bot/setup.sh    uses that interpreter
set -eu
cd "$(dirname "$0")/.."

stamp=.venv/.installed # what is installed: `run` or `dev`, and of which state of its lock
kind=${1:-run}
# Where tests have been run they stay at hand.
if [ -f "$stamp" ] && grep -q '^dev' "$stamp"; then kind=dev; fi
case $kind in
run) lock=requirements.lock ;;
dev) lock=requirements-dev.lock ;;
*) echo "usage: bot/setup.sh [run|dev]" >&2 && exit 2 ;;
esac
wanted="$kind $(cksum <"$lock")"

is_310() { [ "$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = 3.10 ]; }

# A name on PATH may be a pyenv shim that fails, so each candidate is tried.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        is_310 "$PYTHON" && echo "$PYTHON" && return
        echo "PYTHON=$PYTHON 不是可用的 Python 3.10 / is not a working Python 3.10" >&2
        return 1
    fi
    for candidate in python3.10 python3 python \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10*/bin/python /usr/local/bin/python3.10 /opt/homebrew/bin/python3.10; do
        if command -v "$candidate" >/dev/null 2>&1 && is_310 "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    if command -v uv >/dev/null 2>&1; then
        candidate=$(uv python find 3.10 2>/dev/null || true)
        if [ -n "$candidate" ] && is_310 "$candidate"; then
            echo "$candidate"
            return
        fi
    fi
    echo "需要 Python 3.10（Rasa 3.6 不支持更新的版本）：pyenv install 3.10，或 uv python install 3.10 / Python 3.10 is needed" >&2
    return 1
}

if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && is_310 .venv/bin/python; then
    exit 0
fi

python=$(find_python)
echo "安装依赖到 .venv（只需一次）/ installing into .venv (once) …"
# Without byte code every start would compile Rasa anew.
unset PYTHONDONTWRITEBYTECODE
is_310 .venv/bin/python || { rm -rf .venv && "$python" -m venv .venv; }
echo "$kind" >"$stamp"
install_with_pip() {
    # A lock is complete, so pip need not resolve anything.
    .venv/bin/python -m pip install -q -q --disable-pip-version-check --no-compile --no-deps --require-hashes -r "$1"
}
# uv, itself from the lock, installs the rest ten times faster than pip; where it cannot (a mirror only pip knows), pip does.
awk '/^uv==/ {on = 1; print; next} /^[^ ]/ {on = 0} on' "$lock" >.venv/uv.lock
install_with_pip .venv/uv.lock
.venv/bin/uv pip sync --quiet --require-hashes --python .venv/bin/python "$lock" || install_with_pip "$lock"
echo "编译字节码 / compiling byte code …"
# Not the libraries' own tests, which nobody imports. Some packages ship templates that are no valid Python.
.venv/bin/python -m compileall -q -j 0 -x '/tests?/' .venv/lib >/dev/null 2>&1 || true
.venv/bin/python -m compileall -q actions bot city_api connectors manifests sandbox serving
echo "$wanted" >"$stamp"
