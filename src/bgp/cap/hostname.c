/* Host and domain name of the speaker, draft-walton-bgp-hostname-capability. */
#include "cap_rows.h"

#include "bgp/shape.h"

enum { CODE = 73 };

static bool
cut(struct slice value, struct slice *host, struct slice *domain)
{
	struct reader r = reader_on(value);

	*host = read_slice(&r, read_u8(&r));
	*domain = read_slice(&r, read_u8(&r));
	return reader_done(&r);
}

static struct slice
shortened(struct slice s)
{
	return slice_of(s.at, s.len < CAP_NAME_MAX ? s.len : CAP_NAME_MAX);
}

static bool
read(const struct cap_seen *seen, struct caps *to)
{
	struct slice host;
	struct slice domain;

	if (!cut(seen->value, &host, &domain))
		return false;
	to->host_name = shortened(host);
	to->domain_name = shortened(domain);
	return true;
}

static void
write_name(struct writer *w, struct slice name)
{
	struct gap g = open_u8(w);

	write_slice(w, shortened(name));
	close_u8(w, g);
}

static void
write(const struct caps *from, struct writer *w)
{
	struct gap g;

	if (from->host_name.at == NULL)
		return;
	g = cap_begin(w, CODE);
	write_name(w, from->host_name);
	write_name(w, from->domain_name);
	close_u8(w, g);
}

static void
emit(struct emit *e, const struct spell *name, const struct cap_seen *seen, size_t count)
{
	struct slice host;
	struct slice domain;

	(void)cut(seen[count - 1].value, &host, &domain); /* empty if it is short */
	emit_open(e, name, &MARKS_OBJECT);
	emit_str(e, &FIELD("host-name"), host);
	emit_str(e, &FIELD("domain-name"), domain);
	emit_close(e);
}

static void
tell(struct text *to, const struct cap_seen *seen, size_t count)
{
	struct slice host;
	struct slice domain;

	(void)cut(seen[count - 1].value, &host, &domain); /* empty if it is short */
	text_string(to, "hostname(");
	cap_tell_bytes(to, host);
	text_char(to, ' ');
	cap_tell_bytes(to, domain);
	text_char(to, ')');
}

const struct cap cap_hostname = {
	.code = CODE,
	.word = "hostname",
	.unknown_with = SHAPE_CAPS_4,
	.for_people = true,
	.read = read,
	.write = write,
	.emit = emit,
	.tell = tell,
};
