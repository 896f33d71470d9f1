/*
 * What the processes of an experiment tell each other: memory that all of them map. A message is
 * known by its number, which is its prefix (10.0.0.0 + number, /32), so when it was made and when
 * its event was read stand in two columns, and neither end needs to change a byte of it.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BOARD_MESSAGES ((size_t)1 << 22)
#define BOARD_QUERIES  ((size_t)1 << 18)
#define BOARD_SINKS    8

/* What a sink does with an event. */
struct sink_job {
	uint64_t cost;      /* ns that it takes: so many events a second, exactly */
	uint64_t additions; /* work for the CPU */
	unsigned share;     /* of those: messages with number % of == share; of 0: all */
	unsigned of;
	int pipe;    /* bytes of its stdin; 0: 1 MiB */
	size_t read; /* bytes at a time; 0: 64 KiB */
};

struct sink_said {
	atomic_bool ready;
	atomic_ullong events; /* that were worked on */
	atomic_ullong lost;   /* as gaps told */
	atomic_ullong gaps;
	atomic_ullong twice;
	atomic_ullong strange; /* no message of ours */
	atomic_ullong cpu;     /* ns */
	atomic_ullong last;    /* when it had read the latest event */
};

struct board {
	atomic_bool source_ready;
	atomic_bool go;
	atomic_bool source_done;
	atomic_bool stop;
	uint64_t start; /* of the load; before go */
	atomic_ullong sent;
	atomic_ullong source_last;   /* when the last one was given to TCP */
	atomic_ullong burst_longest; /* ns from when a burst is due to its last byte */
	struct sink_job jobs[BOARD_SINKS];
	struct sink_said said[BOARD_SINKS];
	atomic_ullong queries;            /* that were answered */
	atomic_ullong refused;            /* that were answered otherwise */
	uint64_t due[BOARD_MESSAGES];     /* when the message was made */
	uint8_t router[BOARD_MESSAGES];   /* who sent it */
	uint64_t got[BOARD_MESSAGES];     /* when its event was read; 0: never */
	uint64_t answered[BOARD_QUERIES]; /* ns that an answer took */
};

/* Made by the experiments, opened by its path by a sink. NULL: errno says why. */
struct board *board_new(void);
const char *board_path(void);
struct board *board_open(const char *path);
void board_clear(struct board *b); /* all zero again */
