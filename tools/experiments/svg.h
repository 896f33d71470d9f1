/* Pictures of figures: lines with axes and a legend, bars, heat maps with their numbers. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define SVG_LINES 12

struct svg_line {
	const char *name;
	const double *x;
	const double *y; /* NAN: no point */
	size_t count;
	bool dashed; /* a model, not a measurement */
};

struct svg_plot {
	const char *title;
	const char *x_name;
	const char *y_name;
	bool x_log;
	bool y_log;
	bool y_from_zero;
	struct svg_line lines[SVG_LINES]; /* those with a name */
};

struct svg_bars {
	const char *title;
	const char *y_name;
	const char *const *names;
	const double *values;
	size_t count;
};

struct svg_heat {
	const char *title;
	const char *x_name;
	const char *y_name;
	const double *x;
	const double *y;
	size_t columns;
	size_t rows;
	const double *values; /* row by row */
	bool less_is_better;
};

/* f is closed. */
void svg_plot(FILE *f, const struct svg_plot *p);
void svg_bars(FILE *f, const struct svg_bars *b);
void svg_heat(FILE *f, const struct svg_heat *h);
