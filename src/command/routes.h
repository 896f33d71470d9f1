/* What announce and withdraw share. */
#pragma once

#include "call.h"

/* After a route statement was parsed: the end of the command, then every route to every peer. */
enum call_result routes_said(struct call *c, void (*say)(struct member *m, const struct route *r));
enum call_result watchdog_said(struct call *c, bool announce);
