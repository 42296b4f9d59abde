# What the scripts share. Sourced, never run.

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# The directory of PostgreSQL's server programs, newest version first; empty if there is none.
postgres_bin() {
  if command -v initdb >/dev/null && command -v pg_ctl >/dev/null; then
    dirname "$(command -v pg_ctl)"
    return
  fi
  local directory
  for directory in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort --version-sort --reverse); do
    if [ -x "$directory/pg_ctl" ]; then echo "$directory"; return; fi
  done
}

# Installs a Debian package when that is in our hands; otherwise names it and ends.
need_package() {
  local package=$1 purpose=$2
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    die "missing: $purpose. On Debian and Ubuntu: sudo apt-get install $package"
  fi
  say "installing $package ($purpose)"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get -q update && apt-get -q install --yes --no-install-recommends "$package"; } >&2 \
    || die "apt-get could not install $package ($purpose)"
}

need_postgres() { [ -n "$(postgres_bin)" ] || need_package postgresql "a PostgreSQL 15 or newer server"; }

need_browser() {
  if ! command -v chromium >/dev/null; then need_package chromium "a browser, in which the console is tested"; fi
  if ! command -v chromedriver >/dev/null; then need_package chromium-driver "chromedriver, which leads the browser"; fi
}

need_rust() {
  if ! command -v cargo >/dev/null && [ -x "$HOME/.cargo/bin/cargo" ]; then PATH=$HOME/.cargo/bin:$PATH; fi
  command -v cargo >/dev/null || die "missing: Rust 1.95 or newer. See https://rustup.rs"
  command -v cc >/dev/null || need_package gcc "a C compiler, which links Rust programs"
  printf '#include <stdlib.h>\n' | cc -E - >/dev/null 2>&1 || need_package libc6-dev "the C library's headers"
}
