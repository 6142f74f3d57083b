# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by the cases that need Node. ./dev test --with-node installs each folder's package.json below
# build/node and names that folder in GATEHOUSE_TEST_NODE; without it they are skipped (exit 77).

# node_packages NAME : sets NODE, the program, and PACKAGES, the folder with that test's node_modules.
node_packages() {
    PACKAGES=${GATEHOUSE_TEST_NODE:-}/$1
    NODE=$PACKAGES/node_modules/node/bin/node
    [[ -n ${GATEHOUSE_TEST_NODE:-} && -x $NODE ]] || { echo "skipped: $1, written for Node (./dev test --with-node)"; exit 77; }
    export PACKAGES
}

# free_port : a port of loopback that nobody has at this moment.
free_port() { "$NODE" -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }
