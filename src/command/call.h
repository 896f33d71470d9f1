/* What the files of command/ share: a row, and one call of it. */
#pragma once

#include "command/command.h"
#include "lang/lex.h"

enum call_result {
	CALL_DONE,
	CALL_ERROR, /* with call_why(), or without an explanation */
	CALL_MUTE,  /* no acknowledgement */
	CALL_LATER, /* a dump was started, or job is there: it acknowledges */
};

struct job;

struct call {
	const struct command *row; /* that was found for it */
	struct commands *commands;
	struct engine *engine;
	struct issuer *issuer;
	struct lex *lx;          /* behind the row's words */
	struct slice line;       /* the whole command */
	struct slice object;     /* behind its first word: "route 10.0.0.0/24 ..." */
	bool json;               /* the last word was "json", which is cut off, or the words are
				    those of version 6 and it was not "text" */
	bool text;               /* the last word was "text", which is cut off */
	bool asked_json;         /* the last word was "json" */
	struct selection *peers; /* what the selector means; without one all of the issuer's */
	bool selected;           /* there was a selector */
	bool version_6;          /* which began with "peer" */
	bool named_6;            /* the words of the command are those of version 6 */
	bool routes_only;        /* any other command but announce and withdraw is refused */
	bool sync;               /* is acknowledged when it was written to the peers */
	bool dry;                /* routes are parsed and go to nobody */
	bool why_json;           /* an error is explained in JSON */
	struct text *answer;     /* lines to be given before the acknowledgement */
	struct text why;         /* explanation of an error */
	struct job *job;         /* goes on with the command when it was called */
};

struct command {
	const char *words;   /* "announce route" */
	const char *options; /* that help lists behind the words; NULL: none */
	bool neighbors;      /* takes a selector */
	enum call_result (*run)(struct call *c);
};

/* Rows of one file; they end in one without words. */
#define X(word) extern const struct command commands_##word[];
#include "command.inc"
#undef X

const struct command *command_at(size_t i); /* over all files; NULL at the end */

/* What a command of version 6 of the API is called in the rows; NULL: by no other name. words: how
 * many of its words stand at the front of the rest. */
const char *version_6_row(struct slice rest, bool behind_peer, size_t *words);
/* The words of version 6 for a row's; NULL: the same, behind "peer" if it takes a selector. */
const char *version_6_words(const char *row);
/* How many words of string stand at the front of the rest; 0 if not all do. */
size_t words_match(const char *words, struct slice rest);

/* A command inside of another one: the same issuer and neighbors; what it answers is not
 * acknowledged. dry: it is only parsed. Its routes are in commands->routes; *why on an error. */
enum call_result call_inside(struct call *outer, struct slice line, bool dry, struct text *why);
/* The rest of the line is a command, with a selector of its own: an announce or withdraw, whose
 * acknowledgement is that of the outer one. call: a copy of the outer one, which gets the
 * explanation of an error; its peers are those that were told. */
enum call_result call_behind(struct call *call, struct slice line);
/* Takes the selector in front of a command; false: there is none, and all are meant. One that means
 * nobody leaves no peers, which is an error, never everybody. Whether the issuer may command them
 * is not asked yet. */
bool call_selects(struct call *c);
/* Behind "delete neighbor": those of the selector instead of all that the issuer may command. */
void call_select(struct call *c);
/* The first word of the rest, as blanks cut them; taken off. Empty: none is left. */
struct slice call_word(struct slice *rest);
bool call_blank(uint8_t c);
/* Acknowledged when all that is pending for its neighbors was written; false: it was already. */
bool sync_starts(struct call *c);
/* While a group is open, its commands wait; true: this one does, and *result is its answer. */
bool group_takes(struct call *c, enum call_result *result);

/* CALL_ERROR with an explanation. */
enum call_result call_fails(struct call *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* CALL_ERROR with what the lexer says. */
enum call_result call_bad_words(struct call *c);
/* Is the word among those that are left? For "json" at any place. Takes nothing. */
bool call_mentions(const struct call *c, const char *word);
/* Do the reference's 6.0 and its versions of the API answer, where that differs? */
bool call_of_coming_line(const struct call *c);
/* Established ones of the selection only. */
void call_keep_established(struct call *c);
