/* The lines that end the answer to a command. */
#include "api/answer.h"

struct slice
answer_ack_line(enum answer_ack ack)
{
	return ack == ANSWER_DONE ? SLICE("done\n") : SLICE("error\n");
}
