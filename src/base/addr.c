/* IPv4 and IPv6 addresses and prefixes, to and from words. */
#include "base/addr.h"

#include "base/hex.h"
#include "base/num.h"
#include "base/wire.h"

#include <string.h>

struct addr
addr_v4(const uint8_t bytes[4])
{
	struct addr a = { .family = ADDR_IPV4 };

	memcpy(a.bytes, bytes, 4);
	return a;
}

struct addr
addr_v6(const uint8_t bytes[16])
{
	struct addr a = { .family = ADDR_IPV6 };

	memcpy(a.bytes, bytes, 16);
	return a;
}

struct addr
addr_v4_of(uint32_t host_order)
{
	struct addr a = { .family = ADDR_IPV4 };

	store_u32(a.bytes, host_order);
	return a;
}

struct addr
addr_of_bytes(struct slice bytes)
{
	if (bytes.len == 4)
		return addr_v4(bytes.at);
	if (bytes.len == 16)
		return addr_v6(bytes.at);
	return (struct addr){ 0 };
}

uint32_t
addr_u32(const struct addr *a)
{
	return load_u32(a->bytes);
}

bool
addr_is_link_local(const struct addr *a)
{
	return a->family == ADDR_IPV6 && a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80;
}

/* 0 to 255 in decimal, without a zero in front, off the word. */
static bool
octet(struct slice *word, uint8_t *to)
{
	unsigned n = 0;
	size_t i = 0;

	for (; i < word->len && i < 3; i++) {
		unsigned digit = (unsigned)word->at[i] - '0';

		if (digit > 9)
			break;
		n = n * 10 + digit;
	}
	if (i == 0 || n > UINT8_MAX || (i > 1 && word->at[0] == '0'))
		return false;
	*to = (uint8_t)n;
	*word = slice_after(*word, i);
	return true;
}

static bool
quad(struct slice word, uint8_t to[4])
{
	for (int i = 0; i < 4; i++) {
		if (i > 0) {
			if (word.len == 0 || word.at[0] != '.')
				return false;
			word = slice_after(word, 1);
		}
		if (!octet(&word, &to[i]))
			return false;
	}
	return word.len == 0;
}

bool
addr_parse_v4(struct slice word, struct addr *to)
{
	uint8_t bytes[4];

	if (!quad(word, bytes))
		return false;
	*to = addr_v4(bytes);
	return true;
}

static bool
group16(struct slice word, uint16_t *to)
{
	uint32_t n = 0;

	if (word.len == 0 || word.len > 4)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		int d = hex_digit(word.at[i]);

		if (d < 0)
			return false;
		n = n * 16 + (uint32_t)d;
	}
	*to = (uint16_t)n;
	return true;
}

/* Groups of one side of "::" (or of the whole) into at most 16 bytes. */
static bool
groups(struct slice word, uint8_t *to, size_t room, size_t *len)
{
	size_t n = 0;

	while (word.len != 0) {
		struct slice part = word;
		struct slice tail = { NULL, 0 };
		bool more = word_cut(word, ':', &part, &tail);
		uint16_t group;

		if (more && tail.len == 0)
			return false;
		if (!more && memchr(part.at, '.', part.len) != NULL) {
			if (room - n < 4 || !quad(part, to + n))
				return false;
			*len = n + 4;
			return true;
		}
		if (room - n < 2 || !group16(part, &group))
			return false;
		store_u16(to + n, group);
		n += 2;
		word = tail;
	}
	*len = n;
	return true;
}

static bool
parse_v6(struct slice word, uint8_t to[16])
{
	uint8_t left[16];
	uint8_t right[16];
	size_t left_len;
	size_t right_len;
	size_t cut = 0;

	while (cut + 1 < word.len && !(word.at[cut] == ':' && word.at[cut + 1] == ':'))
		cut++;
	if (cut + 1 >= word.len) {
		if (!groups(word, left, 16, &left_len) || left_len != 16)
			return false;
		memcpy(to, left, 16);
		return true;
	}
	if (!groups(slice_of(word.at, cut), left, 14, &left_len) ||
	    (cut > 0 && memchr(word.at, '.', cut) != NULL) ||
	    !groups(slice_after(word, cut + 2), right, 14 - left_len, &right_len))
		return false;
	memset(to, 0, 16);
	memcpy(to, left, left_len);
	memcpy(to + 16 - right_len, right, right_len);
	return true;
}

bool
addr_parse(struct slice word, struct addr *to)
{
	uint8_t bytes[16];

	if (addr_parse_v4(word, to))
		return true;
	if (word.len == 0 || memchr(word.at, ':', word.len) == NULL || !parse_v6(word, bytes))
		return false;
	*to = addr_v6(bytes);
	return true;
}

static char *
write_byte(char *at, unsigned n)
{
	if (n >= 100)
		*at++ = (char)('0' + n / 100);
	if (n >= 10)
		*at++ = (char)('0' + n / 10 % 10);
	*at++ = (char)('0' + n % 10);
	return at;
}

static char *
write_v4(char *at, const uint8_t b[4])
{
	for (int i = 0; i < 3; i++) {
		at = write_byte(at, b[i]);
		*at++ = '.';
	}
	return write_byte(at, b[3]);
}

/* The longest run of at least two zero groups, RFC 5952 4.2; the first of equals. */
static void
zero_run(const uint8_t b[16], int *start, int *count)
{
	*start = -1;
	*count = 0;
	for (int i = 0; i < 8;) {
		int n = 0;

		while (i + n < 8 && b[2 * (i + n)] == 0 && b[2 * (i + n) + 1] == 0)
			n++;
		if (n >= 2 && n > *count) {
			*start = i;
			*count = n;
		}
		i += n + 1;
	}
}

static char *
write_group(char *at, unsigned n)
{
	static const char digits[] = "0123456789abcdef";

	if (n >= 0x1000)
		*at++ = digits[n >> 12];
	if (n >= 0x100)
		*at++ = digits[n >> 8 & 15];
	if (n >= 0x10)
		*at++ = digits[n >> 4 & 15];
	*at++ = digits[n & 15];
	return at;
}

static char *
write_v6(char *at, const uint8_t b[16])
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
	int start;
	int count;

	if (memcmp(b, mapped, sizeof(mapped)) == 0) {
		memcpy(at, "::ffff:", 7);
		return write_v4(at + 7, b + 12);
	}
	zero_run(b, &start, &count);
	for (int i = 0; i < 8; i++) {
		if (i == start) {
			*at++ = ':';
			*at++ = ':';
			i += count - 1;
			continue;
		}
		if (i > 0 && i != start + count)
			*at++ = ':';
		at = write_group(at, load_u16(b + 2 * i));
	}
	return at;
}

char *
addr_write_bytes(char *at, enum addr_family family, const uint8_t *bytes, size_t n)
{
	uint8_t whole[16] = { 0 };

	if (n > 16)
		n = 16;
	if (n != 0)
		memcpy(whole, bytes, n);
	if (family == ADDR_IPV4)
		return write_v4(at, whole);
	if (family == ADDR_IPV6)
		return write_v6(at, whole);
	return at;
}

void
addr_print_bytes(struct text *t, enum addr_family family, const uint8_t *bytes, size_t n)
{
	char *start = text_room(t, ADDR_CHARS_MAX);

	text_took(t, (size_t)(addr_write_bytes(start, family, bytes, n) - start));
}

void
addr_print(struct text *t, const struct addr *a)
{
	addr_print_bytes(t, (enum addr_family)a->family, a->bytes, addr_len(a));
}

size_t
prefix_bytes(const struct prefix *p)
{
	return ((size_t)p->len + 7) / 8;
}

void
prefix_clear_host_bits(struct prefix *p)
{
	size_t n = prefix_bytes(p);

	if (p->len % 8 != 0)
		p->addr.bytes[n - 1] &= (uint8_t)(0xff00 >> (p->len % 8));
	memset(p->addr.bytes + n, 0, sizeof(p->addr.bytes) - n);
}

bool
prefix_has_host_bits(const struct prefix *p)
{
	struct prefix clean = *p;

	prefix_clear_host_bits(&clean);
	return !addr_same(&clean.addr, &p->addr);
}

bool
prefix_holds(const struct prefix *p, const struct addr *a)
{
	struct prefix net = *p;
	struct prefix other = { *a, p->len };

	if (p->addr.family != a->family)
		return false;
	prefix_clear_host_bits(&net);
	prefix_clear_host_bits(&other);
	return addr_same(&net.addr, &other.addr);
}

void
prefix_print(struct text *t, const struct prefix *p)
{
	addr_print(t, &p->addr);
	text_char(t, '/');
	text_uint(t, p->len);
}

enum prefix_fault
prefix_parse(struct slice word, struct prefix *to)
{
	struct prefix p = { 0 };
	struct slice head = word;
	struct slice tail;
	bool has_len = word_cut(word, '/', &head, &tail);
	uint64_t max;
	uint64_t len;

	if (!addr_parse(head, &p.addr))
		return PREFIX_BAD_ADDR;
	max = addr_len(&p.addr) * 8;
	len = max;
	if (has_len && !num_decimal(tail, max, &len))
		return PREFIX_BAD_LEN;
	p.len = (uint8_t)len;
	*to = p;
	return prefix_has_host_bits(&p) ? PREFIX_HOST_BITS : PREFIX_FINE;
}
