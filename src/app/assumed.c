/* The session that decode and encode work with: assumed, or that of a configuration. */
#include "assumed.h"

#include "base/num.h"
#include "bgp/message.h"
#include "file.h"
#include "load.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

const struct family *
assumed_family(const char *words, struct text *why)
{
	const struct family *f = NULL;
	struct slice afi;
	struct slice safi;

	if (word_cut(slice_on(words), ' ', &afi, &safi))
		f = family_of_words(afi, safi);
	if (f == NULL)
		text_format(why, "unknown family %.100s", words);
	return f;
}

/* The file that the server would take of this name. */
static bool
read_file(const char *name, struct text *to, struct text *why)
{
	struct text path = { 0 };
	int error;

	if (strcmp(name, "-") == 0) {
		error = file_read_fd(STDIN_FILENO, to);
	} else {
		load_path(name, &path);
		error = file_read(text_chars(&path), to);
	}
	if (error != 0)
		text_format(why, "%s: %s", name, strerror(-error));
	text_free(&path);
	return error == 0;
}

struct config *
assumed_config(const char *path, struct text *why)
{
	struct config_env env = { .end_closes = true }; /* its programs are not asked for */
	struct text words = { 0 };
	struct text warnings = { 0 };
	struct config *c = NULL;

	if (read_file(path, &words, why))
		c = config_parse(text_view(&words), &env, why, &warnings);
	if (c != NULL && c->neighbor_count == 0) {
		text_format(why, "%s: no neighbor", path);
		config_free(c);
		c = NULL;
	}
	text_free(&words);
	text_free(&warnings);
	return c;
}

struct session
assumed_session(const struct peer_conf *c)
{
	struct session s = session_assumed();
	const struct caps *caps = &c->caps;

	s.local_as = c->local_as == 0 ? s.local_as : c->local_as;
	s.peer_as = c->peer_as == 0 ? s.peer_as : c->peer_as;
	s.local_id = c->router_id == 0 ? s.local_id : c->router_id;
	if (c->local.family != ADDR_NONE)
		s.local = c->local;
	if (!peer_conf_is_range(c))
		s.peer = c->peer.addr;
	s.link_local = c->link_local;
	s.message_max = caps->extended_message ? BGP_EXTENDED_MAX : BGP_MESSAGE_MAX;
	s.asn4 = caps->asn4;
	s.aigp = c->aigp;
	s.families = caps->families;
	s.family_bits = family_list_set(&caps->families);
	s.next_hop_v6 = caps->next_hop_v6;
	for (unsigned i = 0; i < family_count(); i++) {
		if ((caps->addpath[i] & ADDPATH_SEND) != 0)
			family_add(&s.path_ids_out, family_at(i));
		if ((caps->addpath[i] & ADDPATH_RECEIVE) != 0)
			family_add(&s.path_ids_in, family_at(i));
	}
	return s;
}

void
assumed_paths(struct session *s)
{
	for (unsigned i = 0; i < family_count(); i++) {
		const struct family *f = family_at(i);

		if ((f->traits & FAMILY_PATH_ID) == 0 || (f->traits & FAMILY_PATH_ID_NAMED) != 0)
			continue;
		family_add(&s->path_ids_in, f);
		family_add(&s->path_ids_out, f);
	}
}

int
assumed_fault(const struct text *why)
{
	printf("configuration error: %s\n", text_chars(why));
	return 1;
}
