/* Configurations in tests. */
#include "reading.h"

#include "case.h"

#include <dirent.h>
#include <stdio.h>

static const struct config_env env = { .directory = "/nowhere" };

struct config *
read_good(const char *text, struct text *warnings)
{
	struct text why = { 0 };
	struct config *c = config_parse(slice_on(text), &env, &why, warnings);

	cr_assert(c != NULL, "%s\n%s", text_chars(&why), text);
	cr_expect(why.len == 0);
	text_free(&why);
	return c;
}

/* The sentence, and perhaps ExaBGP's behind it, which test_known.c looks at. */
static bool
says(const char *why, const char *want)
{
	size_t n = strlen(want);

	return strncmp(why, want, n) == 0 && (why[n] == '\0' || strncmp(why + n, " (", 2) == 0);
}

void
expect_fault(const char *text, const char *want)
{
	struct text why = { 0 };
	struct config *c = config_parse(slice_on(text), &env, &why, NULL);

	cr_expect(c == NULL, "%s", text);
	cr_expect(says(text_chars(&why), want), "%s:\n%s\nnot %s", text, text_chars(&why), want);
	config_free(c);
	text_free(&why);
}

static void
neighbor_text(struct text *to, const char *body)
{
	text_format(to,
	    "neighbor 10.0.0.1 {\nlocal-address 10.0.0.2; local-as 65001; peer-as 65002;\n%s\n}\n",
	    body);
}

struct config *
read_neighbor(const char *body)
{
	struct text t = { 0 };
	struct config *c;

	neighbor_text(&t, body);
	c = read_good(text_chars(&t), NULL);
	text_free(&t);
	return c;
}

void
neighbor_fault(const char *body, struct text *why)
{
	struct text t = { 0 };
	struct config *c;

	neighbor_text(&t, body);
	c = config_parse(text_view(&t), &env, why, NULL);
	cr_expect(c == NULL, "%s", body);
	config_free(c);
	text_free(&t);
}

void
expect_neighbor_fault(const char *body, const char *want)
{
	struct text why = { 0 };
	const char *place;

	neighbor_fault(body, &why);
	place = strstr(text_chars(&why), ": ");
	cr_expect(place != NULL && says(place + 2, want), "%s:\n%s\nnot %s", body, text_chars(&why),
	    want);
	text_free(&why);
}

static void
file_read(const char *path, struct text *to)
{
	FILE *f = fopen(path, "r");
	size_t n;

	cr_assert(f != NULL, "%s", path);
	do {
		n = fread(text_room(to, 4096), 1, 4096, f);
		text_took(to, n);
	} while (n != 0);
	(void)fclose(f);
}

void
each_sample(sample_fn *each)
{
	DIR *d = opendir(SAMPLES);
	struct dirent *e;
	int count = 0;

	cr_assert(d != NULL);
	while ((e = readdir(d)) != NULL) {
		struct sample s = { 0 };
		struct text path = { 0 };

		if (e->d_name[0] == '.')
			continue;
		s.name = e->d_name;
		text_format(&path, SAMPLES "/%s", e->d_name);
		file_read(text_chars(&path), &s.text);
		each(&s);
		text_free(&s.text);
		text_free(&path);
		count++;
	}
	(void)closedir(d);
	cr_expect(count > 10);
}
