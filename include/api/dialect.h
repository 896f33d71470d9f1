/* Which names and shapes a helper is told: rows, not branches. */
#pragma once

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* How its answers are laid out. */
struct layout {
	bool explains; /* a line with the reason stands in front of an error */
	/* show neighbor without a form */
	const char *usage;
	/* summary */
	bool lists_down; /* also who is not up */
	bool prefixes;   /* has what was received; extensive too */
	/* extensive */
	const char *gap;     /* in front of a block */
	const char *heading; /* in front of the words of a heading, */
	int heading_width;   /* which have this */
	const char *row;     /* in front of a row */
	int add_path_width;  /* below 0: the left edge is even */
	const char *add_path_both;
	/* configuration */
	const char *const *apart;   /* settings and sections behind an empty line; NULL ends them */
	const char *const *unknown; /* settings that it does not know: told if they are set */
	const char *md5_coding;     /* where no password asks for one; NULL: what is set */
	/* show adj-rib */
	bool ranked; /* families as they are configured, not as the first route of each came */
	const char *of_peer; /* in front of its address */
	bool hop_told;       /* lines of one word have the next hop */
	bool self_told;      /* as such, not as what it stands for */
	bool hop_inside;     /* in front of rd, in extensive lines too */
};

struct dialect {
	const char *word;    /* "4.2" "5.0" "6.0" "6.0-v4" */
	const char *version; /* value of "exabgp" in JSON: "5.0.0" */
	uint32_t shape;      /* bgp/shape.h */
	const struct layout *layout;
};

extern const struct dialect dialect_5_0;             /* the default */
const struct dialect *dialect_of(struct slice word); /* NULL: unknown */
const struct dialect *dialect_at(unsigned i);        /* NULL at the end */
