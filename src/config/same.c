/* What a reload compares. */
#include "parse.h"

static bool
strings_same(char *const *a, char *const *b)
{
	size_t i = 0;

	while (a[i] != NULL && b[i] != NULL && strcmp(a[i], b[i]) == 0)
		i++;
	return a[i] == NULL && b[i] == NULL;
}

bool
helper_conf_same(const struct helper_conf *a, const struct helper_conf *b)
{
	if ((a->dialect == NULL) != (b->dialect == NULL))
		return false;
	if (a->dialect != NULL && strcmp(a->dialect, b->dialect) != 0)
		return false;
	return strcmp(a->name, b->name) == 0 && strcmp(a->program, b->program) == 0 &&
	    strings_same(a->argv, b->argv) && a->encoder == b->encoder &&
	    a->respawn == b->respawn && a->respawns == b->respawns &&
	    a->respawn_window == b->respawn_window && a->ack == b->ack &&
	    a->reasons == b->reasons && a->overflow == b->overflow &&
	    a->queue_items == b->queue_items && a->queue_bytes == b->queue_bytes &&
	    a->queue_low == b->queue_low && a->stall_limit == b->stall_limit &&
	    a->stall_kills == b->stall_kills && a->block_timeout == b->block_timeout &&
	    a->protocol == b->protocol && a->raw == b->raw &&
	    a->ready_timeout == b->ready_timeout && a->heartbeat == b->heartbeat &&
	    a->drain_timeout == b->drain_timeout && a->grace == b->grace &&
	    a->frame_max == b->frame_max;
}

/* Not compared, they take effect at the next connection: description, manual-eor, the interface,
 * how the password is written, the lists of nexthop and add-path, the link-local address. */
bool
peer_conf_same_session(const struct peer_conf *a, const struct peer_conf *b)
{
	struct neighbor_draft x = neighbor_unmake(a);
	struct neighbor_draft y = neighbor_unmake(b);

	return a->families.bits == b->families.bits &&
	    settings_same(&neighbor_settings, SETTING_SESSION, &x, &y) &&
	    settings_same(&capability_settings, SETTING_SESSION, &x, &y);
}
