/* Before whatever else runs on the machine, if that was asked for; children inherit it. */
#pragma once

#include <stdbool.h>

enum priority {
	PRIORITY_SOON,  /* real time: who wakes up runs at once; 95 % of a core at most */
	PRIORITY_AFTER, /* the same, behind those: a source that always has something to send must
			   not take a core from who takes it */
	PRIORITY_MUCH,  /* the most of what real time leaves, shared evenly: for who never sleeps */
	PRIORITY_USUAL, /* as anybody */
};

/* False: the system does not let us, nothing has changed; said why on stderr. */
bool priority_take(enum priority p);
