#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Stands in for the browser that Codex opens: notes the address and is done. The test does the rest.
printf '%s\n' "$1" >>"$BROWSER_NOTES"
