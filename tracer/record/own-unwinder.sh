#!/bin/sh
# SPDX-License-Identifier: MIT
# own-unwinder.sh OUTPUT NM OBJCOPY COMPILER...: libgcc's unwinder with names of our own, see stack.c.
set -eu
output=$1 nm=$2 objcopy=$3
shift 3
archive=$("$@" -print-file-name=libgcc_eh.a)
[ -f "$archive" ] || { echo "own-unwinder.sh: this compiler has no libgcc_eh.a" >&2; exit 1; }

# What it defines gets a prefix; of pthread it must call nothing, since that is us. (nm complains of
# members without symbols.)
"$nm" "$archive" 2>/dev/null | awk '
  NF == 3 && $2 ~ /[TDBRVW]/ || $NF ~ /^(__)?pthread_/ { if (!seen[$NF]++) print $NF, "ls_own_" $NF }
' > "$output.names"
"$objcopy" --redefine-syms="$output.names" "$archive" "$output"
