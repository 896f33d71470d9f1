/* See said.h. */
#include "said.h"

#include "source.h"

#include "base/wire.h"
#include "bgp/message.h"

#include <netinet/in.h>

size_t
said_open(uint8_t *to, uint16_t asn, uint32_t router_id)
{
	struct writer w = writer_on(to, SAID_MOST);
	struct gap message = message_begin(&w, MESSAGE_OPEN);
	struct gap options, capabilities;

	write_u8(&w, 4);
	write_u16(&w, asn);
	write_u16(&w, 0); /* what is measured is not timers */
	write_u32(&w, router_id);
	options = open_u8(&w);
	write_u8(&w, 2);
	capabilities = open_u8(&w);
	write_bytes(&w, (const uint8_t[]){ 1, 4, 0, 1, 0, 1 }, 6); /* IPv4 unicast */
	write_u16(&w, 65 << 8 | 4);                                /* ASNs of 4 bytes */
	write_u32(&w, asn);
	close_u8(&w, capabilities);
	close_u8(&w, options);
	message_finish(&w, message);
	return writer_len(&w);
}

size_t
said_keepalive(uint8_t *to)
{
	struct writer w = writer_on(to, SAID_MOST);

	message_finish(&w, message_begin(&w, MESSAGE_KEEPALIVE));
	return writer_len(&w);
}

size_t
said_update(uint8_t *to, uint16_t asn, uint32_t prefix)
{
	struct writer w = writer_on(to, SAID_MOST);
	struct gap message = message_begin(&w, MESSAGE_UPDATE);
	struct gap attributes;

	write_u16(&w, 0);
	attributes = open_u16(&w);
	write_bytes(&w, (const uint8_t[]){ 0x40, 1, 1, 0 }, 4);    /* ORIGIN */
	write_bytes(&w, (const uint8_t[]){ 0x40, 2, 6, 2, 1 }, 5); /* AS_PATH */
	write_u32(&w, asn);
	write_bytes(&w, (const uint8_t[]){ 0x40, 3, 4, 10, 0, 0, 2 }, 7); /* NEXT_HOP */
	close_u16(&w, attributes);
	write_u8(&w, 32);
	write_u32(&w, prefix);
	message_finish(&w, message);
	return writer_len(&w);
}

struct session
said_session(struct addr router)
{
	struct session s = session_assumed();

	s.local_as = SOURCE_LOCAL;
	s.peer_as = SOURCE_AS;
	s.message_max = BGP_MESSAGE_MAX;
	s.local = addr_v4_of(INADDR_LOOPBACK);
	s.peer = router;
	return s;
}
