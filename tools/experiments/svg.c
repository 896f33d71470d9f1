/* See svg.h. */
#include "svg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH  760.0
#define HEIGHT 440.0
#define LEFT   80.0
#define RIGHT  200.0 /* the legend */
#define TOP    50.0
#define BOTTOM 60.0
#define TICKS  6

static const char *const colors[SVG_LINES] = { "#1f77b4", "#d62728", "#2ca02c", "#9467bd",
	"#ff7f0e", "#17becf", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#000000", "#aec7e8" };

struct axis {
	double least;
	double most;
	bool log;
	double from; /* places in the picture */
	double to;
};

/* 1500 is 1.5k */
static const char *
number(double v, char to[32])
{
	static const char units[] = " kMG";
	unsigned unit = 0;
	double size = fabs(v);

	while (size >= 1000 && unit < 3) {
		size /= 1000;
		v /= 1000;
		unit++;
	}
	if (size >= 100 || v == floor(v))
		(void)snprintf(to, 32, "%.0f", v);
	else if (size >= 1)
		(void)snprintf(to, 32, "%.3g", v);
	else
		(void)snprintf(to, 32, "%.2g", v);
	if (unit > 0)
		(void)snprintf(to + strlen(to), 32 - strlen(to), "%c", units[unit]);
	return to;
}

static void
text_at(FILE *f, double x, double y, const char *anchor, const char *more, const char *words)
{
	(void)fprintf(f, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>", x, y, anchor, more);
	for (; *words != '\0'; words++) {
		if (*words == '<')
			(void)fputs("&lt;", f);
		else if (*words == '&')
			(void)fputs("&amp;", f);
		else
			(void)fputc(*words, f);
	}
	(void)fputs("</text>\n", f);
}

static void
begin(FILE *f, double width, double height, const char *title)
{
	(void)fprintf(f,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" "
	    "height=\"%.0f\" font-family=\"sans-serif\" font-size=\"12\">\n"
	    "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
	    width, height, width, height);
	text_at(f, LEFT, 26, "start", "font-size=\"15\" font-weight=\"bold\"", title);
}

static void
end(FILE *f)
{
	(void)fputs("</svg>\n", f);
	if (fclose(f) != 0) {
		perror("svg");
		exit(1);
	}
}

static void
line_at(FILE *f, double x, double y, double to_x, double to_y, const char *color)
{
	(void)fprintf(f, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>\n",
	    x, y, to_x, to_y, color);
}

static void
widen(struct axis *a, double v)
{
	if (isnan(v) || (a->log && v <= 0))
		return;
	a->least = isnan(a->least) || v < a->least ? v : a->least;
	a->most = isnan(a->most) || v > a->most ? v : a->most;
}

static void
round_off(struct axis *a)
{
	if (isnan(a->least))
		a->least = a->most = 1;
	if (a->log) {
		a->least = pow(10, floor(log10(a->least) + 1e-9));
		a->most = pow(10, ceil(log10(a->most) - 1e-9));
	}
	if (a->most <= a->least)
		a->most = a->log ? a->least * 10 : a->least + 1;
}

static double
place(const struct axis *a, double v)
{
	double part;

	if (a->log)
		part = (log10(v) - log10(a->least)) / (log10(a->most) - log10(a->least));
	else
		part = (v - a->least) / (a->most - a->least);
	return a->from + part * (a->to - a->from);
}

/* 1, 2 or 5 times a power of ten: about TICKS of them */
static double
step_of(const struct axis *a)
{
	double rough = (a->most - a->least) / TICKS;
	double ten = pow(10, floor(log10(rough)));

	if (rough / ten < 1.5)
		return ten;
	return rough / ten < 3.5 ? 2 * ten : 5 * ten;
}

static double
next_tick(const struct axis *a, double v)
{
	return a->log ? v * 10 : v + step_of(a);
}

static double
first_tick(const struct axis *a)
{
	return a->log ? a->least
		      : ceil(a->least / step_of(a) - 1e-9) * step_of(a) + 0.0; /* no -0 */
}

static void
draw_x(FILE *f, const struct axis *x, const struct axis *y, const char *name)
{
	char word[32];

	for (double v = first_tick(x); v <= x->most * (1 + 1e-9); v = next_tick(x, v)) {
		line_at(f, place(x, v), y->from, place(x, v), y->to, "#ddd");
		text_at(f, place(x, v), y->from + 18, "middle", "", number(v, word));
	}
	line_at(f, x->from, y->from, x->to, y->from, "black");
	text_at(f, (x->from + x->to) / 2, y->from + 42, "middle", "", name);
}

static void
draw_y(FILE *f, const struct axis *x, const struct axis *y, const char *name)
{
	char word[64];

	for (double v = first_tick(y); v <= y->most * (1 + 1e-9); v = next_tick(y, v)) {
		line_at(f, x->from, place(y, v), x->to, place(y, v), "#ddd");
		text_at(f, x->from - 6, place(y, v) + 4, "end", "", number(v, word));
	}
	line_at(f, x->from, y->from, x->from, y->to, "black");
	(void)snprintf(
	    word, sizeof(word), "transform=\"rotate(-90 18 %.0f)\"", (y->from + y->to) / 2);
	text_at(f, 18, (y->from + y->to) / 2, "middle", word, name);
}

static bool
has_point(const struct svg_plot *p, const struct svg_line *l, size_t i)
{
	return !isnan(l->x[i]) && !isnan(l->y[i]) && (!p->x_log || l->x[i] > 0) &&
	    (!p->y_log || l->y[i] > 0);
}

static void
draw_line(FILE *f, const struct svg_plot *p, const struct svg_line *l, const char *color,
    const struct axis *x, const struct axis *y)
{
	(void)fprintf(f, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" %s points=\"",
	    color, l->dashed ? "stroke-dasharray=\"6 4\"" : "");
	for (size_t i = 0; i < l->count; i++)
		if (has_point(p, l, i))
			(void)fprintf(f, "%.1f,%.1f ", place(x, l->x[i]), place(y, l->y[i]));
	(void)fputs("\"/>\n", f);
	for (size_t i = 0; i < l->count && !l->dashed; i++)
		if (has_point(p, l, i))
			(void)fprintf(f, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n",
			    place(x, l->x[i]), place(y, l->y[i]), color);
}

static void
draw_legend(FILE *f, size_t i, const struct svg_line *l)
{
	double y = TOP + 10 + 20 * (double)i;

	(void)fprintf(f,
	    "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" "
	    "stroke-width=\"2\" %s/>\n",
	    WIDTH - RIGHT + 12, y, WIDTH - RIGHT + 36, y, colors[i],
	    l->dashed ? "stroke-dasharray=\"6 4\"" : "");
	text_at(f, WIDTH - RIGHT + 42, y + 4, "start", "", l->name);
}

void
svg_plot(FILE *f, const struct svg_plot *p)
{
	struct axis x = { NAN, NAN, p->x_log, LEFT, WIDTH - RIGHT };
	struct axis y = { NAN, NAN, p->y_log, HEIGHT - BOTTOM, TOP };

	for (size_t i = 0; i < SVG_LINES && p->lines[i].name != NULL; i++)
		for (size_t k = 0; k < p->lines[i].count; k++) {
			widen(&x, p->lines[i].x[k]);
			widen(&y, p->lines[i].y[k]);
		}
	if (p->y_from_zero)
		widen(&y, 0);
	round_off(&x);
	round_off(&y);
	begin(f, WIDTH, HEIGHT, p->title);
	draw_x(f, &x, &y, p->x_name);
	draw_y(f, &x, &y, p->y_name);
	for (size_t i = 0; i < SVG_LINES && p->lines[i].name != NULL; i++) {
		draw_line(f, p, &p->lines[i], colors[i], &x, &y);
		draw_legend(f, i, &p->lines[i]);
	}
	end(f);
}

void
svg_bars(FILE *f, const struct svg_bars *b)
{
	struct axis x = { 0, (double)b->count, false, LEFT, WIDTH - 20 };
	struct axis y = { 0, NAN, false, HEIGHT - BOTTOM, TOP };
	char word[32];

	for (size_t i = 0; i < b->count; i++)
		widen(&y, b->values[i]);
	round_off(&y);
	begin(f, WIDTH, HEIGHT, b->title);
	draw_y(f, &x, &y, b->y_name);
	for (size_t i = 0; i < b->count; i++) {
		double from = place(&x, (double)i + 0.2), to = place(&x, (double)i + 0.8);
		double top = place(&y, b->values[i]);

		(void)fprintf(f,
		    "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n",
		    from, top, to - from, y.from - top, colors[0]);
		text_at(f, (from + to) / 2, top - 5, "middle", "", number(b->values[i], word));
		text_at(f, (from + to) / 2, y.from + 18, "middle", "", b->names[i]);
	}
	line_at(f, x.from, y.from, x.to, y.from, "black");
	end(f);
}

/* Bad is red, good is green, on a scale of powers. */
static void
heat_color(double part, char to[16])
{
	double red = part < 0.5 ? 1 : 2 * (1 - part);
	double green = part < 0.5 ? 2 * part : 1;

	(void)snprintf(to, 16, "#%02x%02x%02x", (unsigned)(140 + 110 * red),
	    (unsigned)(140 + 110 * green), 140u);
}

static void
draw_cell(FILE *f, const struct svg_heat *h, size_t column, size_t row, const struct axis *range)
{
	double wide = (WIDTH - LEFT - 40) / (double)h->columns;
	double high = (HEIGHT - TOP - BOTTOM) / (double)h->rows;
	double x = LEFT + wide * (double)column;
	double y = HEIGHT - BOTTOM - high * (double)(row + 1);
	double v = h->values[row * h->columns + column];
	double part = v > 0 ? place(range, v) : 0;
	char color[16], word[32];

	heat_color(h->less_is_better ? 1 - part : part, color);
	(void)fprintf(f,
	    "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\" "
	    "stroke=\"white\"/>\n",
	    x, y, wide, high, color);
	text_at(f, x + wide / 2, y + high / 2 + 5, "middle", "font-size=\"14\"", number(v, word));
}

static void
heat_labels(FILE *f, const struct svg_heat *h)
{
	double wide = (WIDTH - LEFT - 40) / (double)h->columns;
	double high = (HEIGHT - TOP - BOTTOM) / (double)h->rows;
	char word[64];

	for (size_t i = 0; i < h->columns; i++)
		text_at(f, LEFT + wide * ((double)i + 0.5), HEIGHT - BOTTOM + 18, "middle", "",
		    number(h->x[i], word));
	for (size_t i = 0; i < h->rows; i++)
		text_at(f, LEFT - 6, HEIGHT - BOTTOM - high * ((double)i + 0.5) + 4, "end", "",
		    number(h->y[i], word));
	text_at(f, (LEFT + WIDTH - 40) / 2, HEIGHT - 18, "middle", "", h->x_name);
	(void)snprintf(word, sizeof(word), "transform=\"rotate(-90 18 %.0f)\"", HEIGHT / 2);
	text_at(f, 18, HEIGHT / 2, "middle", word, h->y_name);
}

void
svg_heat(FILE *f, const struct svg_heat *h)
{
	struct axis range = { NAN, NAN, true, 0, 1 };

	for (size_t i = 0; i < h->rows * h->columns; i++)
		widen(&range, h->values[i]);
	if (isnan(range.least))
		range.least = range.most = 1;
	if (range.most <= range.least * 1.001)
		range.most = range.least * 1.001;
	begin(f, WIDTH, HEIGHT, h->title);
	for (size_t row = 0; row < h->rows; row++)
		for (size_t column = 0; column < h->columns; column++)
			draw_cell(f, h, column, row, &range);
	heat_labels(f, h);
	end(f);
}
