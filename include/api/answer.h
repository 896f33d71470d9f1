/* Answers to commands. */
#pragma once

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum answer_ack { ANSWER_DONE, ANSWER_ERROR };

/* "done\n", "error\n" */
struct slice answer_ack_line(enum answer_ack ack);
