#!/bin/sh
# SPDX-License-Identifier: MIT
# build-named.sh KIND COMPILER SOURCE OUTPUT: a module with debug information of one kind.
set -eu
kind=$1 compiler=$2 source=$3 output=$4
module='-fPIC -fvisibility=hidden -O1 -pthread -std=c++17'

case $kind in
  dwarf4) flags='-g -gdwarf-4' ;;
  packed) flags='-g -gz' ;;
  split*) flags='-g -gdwarf-5 -gsplit-dwarf' ;;
  plain) flags='-g -O0' ;;
  *) flags='-g -gdwarf-5' ;;
esac
# shellcheck disable=SC2086
case $kind in
  split*) # what is split off lies beside the object
    $compiler $module $flags -c "$source" -o "$output.o"
    $compiler -shared $module $flags "$output.o" -o "$output" ;;
  *) $compiler -shared $module $flags "$source" -o "$output" ;;
esac

case $kind in
  linked) # beside it, in a file that its .gnu_debuglink names
    objcopy --only-keep-debug "$output" "$output.debug"
    objcopy --strip-debug --strip-unneeded --add-gnu-debuglink="$output.debug" "$output" ;;
  symbols)
    objcopy --strip-debug "$output" ;;
  mini) # what distributions keep of the symbols: .gnu_debugdata
    objcopy --strip-debug "$output" "$output.mini"
    rm -f "$output.mini.xz"
    xz "$output.mini"
    objcopy --strip-all --add-section .gnu_debugdata="$output.mini.xz" "$output" ;;
esac
