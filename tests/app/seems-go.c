/* SPDX-License-Identifier: MIT */
/* Has the mark of a Go program, whose own locks nobody sees. */
static const char build_info[] __attribute__ ((used, section (".go.buildinfo"))) =
  "what the go tool leaves here";

int
main (void)
{
  return 0;
}
