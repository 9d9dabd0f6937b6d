/* SPDX-License-Identifier: MIT */
/* Takes a line of an STD log apart. */
#include "std-line.h"

#include <string.h>

static const struct {
  const char *word;
  LsStdOperation operation;
  bool needs_operand;
} operations[] = {
  { "acq", LS_STD_ACQUIRE, true },
  { "rel", LS_STD_RELEASE, true },
  { "r", LS_STD_READ, true },
  { "w", LS_STD_WRITE, true },
  { "fork", LS_STD_FORK, true },
  { "join", LS_STD_JOIN, true },
  { "begin", LS_STD_BEGIN, false },
  { "end", LS_STD_END, false },
  { "rd", LS_STD_READ, true },
  { "wr", LS_STD_WRITE, true },
  { "req", LS_STD_REQUEST, true },
  { "wait", LS_STD_WAIT, true },
  { "notify", LS_STD_NOTIFY, true },
  { "notifyAll", LS_STD_NOTIFY_ALL, true },
  { "broadcast", LS_STD_NOTIFY_ALL, true },
  { "dummy", LS_STD_DUMMY, false },
  { "sync", LS_STD_DUMMY, false }, /* RAPID has the word and no meaning for it */
};

static LsStdPiece
strip (const char *text, const char *end)
{
  while (text < end && g_ascii_isspace (*text))
    text++;
  while (text < end && g_ascii_isspace (end[-1]))
    end--;
  return (LsStdPiece){ text, (gsize) (end - text) };
}

static const char *
parse_operation (LsStdLine *line, LsStdPiece piece)
{
  const char *open = memchr (piece.text, '(', piece.n);

  line->word = piece;
  if (open) {
    if (piece.text[piece.n - 1] != ')')
      return "')' should end the operation";
    line->word = strip (piece.text, open);
    line->operand = strip (open + 1, piece.text + piece.n - 1);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (operations); i++) {
    if (strlen (operations[i].word) != line->word.n ||
        memcmp (operations[i].word, line->word.text, line->word.n) != 0)
      continue;
    if (operations[i].needs_operand && line->operand.n == 0)
      return "the operation needs an operand in parentheses";
    line->operation = operations[i].operation;
    return NULL;
  }
  return "no such operation";
}

const char *
ls_std_line_parse (LsStdLine *line, const char *bytes, gsize n)
{
  const char *end = bytes + n;
  const char *first = n > 0 ? memchr (bytes, '|', n) : NULL;

  const LsStdPiece nothing = { "", 0 };

  *line = (LsStdLine){ LS_STD_NONE, nothing, nothing, nothing, nothing };
  if (!first)
    return "THREAD|OPERATION(OPERAND)|LOCATION should stand here";
  if (memchr (bytes, '\0', n))
    return "a NUL byte";
  const char *second = memchr (first + 1, '|', (gsize) (end - first - 1));
  line->thread = strip (bytes, first);
  if (line->thread.n == 0)
    return "a thread should stand before the first '|'";
  if (second)
    line->location = strip (second + 1, end);
  else
    second = end;
  if (line->location.n > 0 && memchr (line->location.text, '|', line->location.n))
    return "more than three fields parted by '|'";
  return parse_operation (line, strip (first + 1, second));
}

LsStdPiece
ls_std_thread_key (LsStdPiece name)
{
  if (name.n < 2 || g_ascii_toupper (name.text[0]) != 'T')
    return name;
  for (gsize i = 1; i < name.n; i++)
    if (!g_ascii_isdigit (name.text[i]))
      return name;
  return (LsStdPiece){ name.text + 1, name.n - 1 };
}
