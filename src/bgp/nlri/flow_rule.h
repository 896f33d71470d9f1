/* A FlowSpec rule while its words are read. */
#pragma once

#include "lang/lex.h"
#include "nlri/flow.h"

#define FLOW_DSCP_MOST 63u

/* A component, gathered from all statements that add to it. */
struct flow_piece {
	uint8_t room[FLOW_MOST];
	size_t len;  /* 0: not said */
	size_t last; /* where its last operator stands */
};

struct flow_rule {
	uint16_t afi; /* 0: no prefix said yet */
	struct flow_piece pieces[FLOW_TYPES];
};

/* The words of a component with its values into the rule; false, with nothing taken: none begins
 * here. */
bool flow_component_parse(struct lex *lx, struct flow_rule *rule);
