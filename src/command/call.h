/* What the files of command/ share: a row, and one call of it. */
#pragma once

#include "command/command.h"
#include "lang/lex.h"

enum call_result {
	CALL_DONE,
	CALL_ERROR, /* with call_why(), or without an explanation */
	CALL_MUTE,  /* no acknowledgement */
	CALL_LATER, /* a dump was started: it acknowledges */
};

struct call {
	struct commands *commands;
	struct engine *engine;
	struct issuer *issuer;
	struct lex *lx;              /* behind the row's words */
	struct slice line;           /* the whole command */
	bool json;                   /* the last word was "json", which is cut off */
	struct selection *peers;     /* what the selector means; without one all of the issuer's */
	bool selected;               /* there was a selector */
	struct text *answer;         /* lines to be given before the acknowledgement */
	struct text why;             /* explanation of an error */
};

struct command {
	const char *words;    /* "announce route" */
	const char *options; /* that help lists behind the words; NULL: none */
	bool neighbors;       /* takes a selector */
	enum call_result (*run)(struct call *c);
};

/* Rows of one file; they end in one without words. */
#define X(word) extern const struct command commands_##word[];
#include "command.inc"
#undef X

const struct command *command_at(size_t i); /* over all files; NULL at the end */

/* CALL_ERROR with an explanation. */
enum call_result call_fails(struct call *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* CALL_ERROR with what the lexer says. */
enum call_result call_bad_words(struct call *c);
/* Is the word among those that are left? For "json" at any place. Takes nothing. */
bool call_mentions(const struct call *c, const char *word);
/* Established ones of the selection only. */
void call_keep_established(struct call *c);
