/* Writing of MRT records, as those of a collector: what the reader is tested with. */
#pragma once

#include "mrt/mrt.h"

/* Whole records. What is not said is zero; a message of a record with path_ids has them. */
void mrt_write_message(struct writer *w, const struct mrt_record *record);
void mrt_write_state(struct writer *w, const struct mrt_record *record);
void mrt_write_peers(struct writer *w, const struct mrt_record *record,
    const struct mrt_peer *peers, uint16_t count);
/* TABLE_DUMP_V2; attributes are in the table's form. entries: see mrt_write_entry(). */
void mrt_write_routes(struct writer *w, const struct mrt_record *record);
void mrt_write_entry(struct writer *w, uint16_t peer, const struct mrt_route *route, bool path_ids);
