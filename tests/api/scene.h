/* A peer, a session, and events about them. */
#pragma once

#include "api/tell.h"
#include "base/arena.h"
#include "base/text.h"

struct scene {
	struct event_peer peer;
	struct session session;
	struct telling how;
	struct arena arena;
	struct text out;
	uint8_t bytes[65535];
	struct open open;
	struct update update;
	struct notification notification;
	struct refresh refresh;
	bool has_update;
};

struct scene *scene_new(const char *dialect, enum tell_encoder encoder);
void scene_free(struct scene *s);

struct event scene_event(const struct scene *s, enum event_kind kind);
/* A received message of this body, decoded as its type wants it. */
struct event scene_message(struct scene *s, uint8_t type, const char *body_hex);
struct event scene_message_bytes(struct scene *s, uint8_t type, struct slice body);

/* The lines, valid up to the next call. */
const char *scene_tell(struct scene *s, const struct event *e);

/* Whole lines, and what is behind "router-id": "10.0.0.2". */
void scene_says(struct scene *s, const struct event *e, const char *expected, int line);
void scene_content(struct scene *s, const struct event *e, const char *expected, int line);
/* Of a received message, which is given: in JSON what is behind its direction, up to the end of the
 * neighbor; in text what is behind "receive". */
struct event scene_received(
    struct scene *s, uint8_t type, const char *body_hex, const char *expected, int line);
/* The same, whatever the blanks. */
void scene_same_words(struct scene *s, const struct event *e, const char *expected, int line);
#define SAYS(s, e, expected)              scene_says(s, e, expected, __LINE__)
#define CONTENT(s, e, expected)           scene_content(s, e, expected, __LINE__)
#define RECEIVED(s, type, body, expected) scene_received(s, type, body, expected, __LINE__)
#define SAME_WORDS(s, e, expected)        scene_same_words(s, e, expected, __LINE__)
